# The page log, its entries and its checkpoints.

log-title = The log
log-lead = Every statement that came into the log, in order. Nothing in it can be changed or taken out without being noticed. What is refused when it is handed in does not come into it; what came in some other way and breaks the rules stands here as refused.
log-read-only = Nothing new is signed for now. What was published before stays.
log-checkpoint = Present checkpoint
log-checkpoint-then = The first checkpoint that covers it
log-no-checkpoint = No checkpoint is published yet.
log-origin = Name of the log
log-size = Entries
log-root = Root
log-as-of = Enough witnesses had signed at
log-vkey = Key of the log
log-vkey-why = Trust this key only if it also reached you some other way: by letter, from a partner, in print.
log-raw = The checkpoint as it is signed
log-all-checkpoints = All published checkpoints
log-policy = The operator’s policy: its key and witnesses
log-witnesses = Witnesses
log-witnesses-why = Others should run them, and this page cannot know whether they do: look who each one is. Each signs the log only if it has grown and nothing in it was changed; one that audits also decides every statement again.
log-no-witnesses = Nobody but the log itself has signed this checkpoint.
log-witness-name = Witness
log-witness-does = What it checks
log-witness-state = Signature
log-witness-when = When
log-witness-audits = decides every statement again
log-witness-grows = that the log only grows
log-witness-unknown = not named in the operator’s policy
log-state-cosigned = signed
log-state-missing = has not signed
log-state-broken = signature does not hold
log-state-unknown = not checked here
log-entries = Newest entries
log-entries-caption = The newest first; a number leads to what was signed.
log-no-entries = There is nothing here.
log-entry = Number
log-entry-what = What was said
log-entry-who = Who
log-entry-when = Admitted
log-entry-verdict = Verdict
log-entry-nothing = not a statement of anyone
log-admitted = admitted
log-refused = refused
log-replay = Check all of it yourself
log-replay-why = This command reads the whole log, decides every statement again and compares the end with what was signed.
log-replay-policy = The policy says whose log and which witnesses you trust. A careful reader writes his own.
entry-title = Entry #{ $position }
entry-numbers = Number { $position } counts from 1: pages, searches and citations mean it. Index { $index } counts from 0: it stands in the address of this page, in tiles and in proofs.
entry-refused = by rule { $number }
entry-refused-why = It changed nothing. It stays in the log so that everyone sees that it was tried.
entry-who = Who signed, and when
entry-by = In the name of
entry-stated = Said at, by the signer’s clock
entry-admitted = Admitted at
entry-key = Signing key
entry-number = Number among this key’s statements
entry-id = Id of the statement
entry-checked = The signature was checked when this page was made, over exactly the bytes below.
entry-nothing = No signature holds for what stands here. Only its bytes can be shown.
entry-when = When it came
entry-after = It came after
entry-after-unknown = No earlier checkpoint says after when it came.
entry-before = It came before
entry-before-unknown = No checkpoint says before when it came.
entry-when-why = By the clocks of the witnesses, not by that of the signer or of whoever runs this.
entry-proof = Proof that it is in the log
entry-proof-holds = holds
entry-proof-fails = does not hold
entry-proof-why = These hashes lead from this entry to the root that the log signed. Take the file away to check it elsewhere.
entry-proof-file = Proof as a file (tlog-proof)
entry-index = Index of entry #{ $position }, from 0
entry-tree-size = Size of the tree
entry-leaf-hash = Hash of this leaf
entry-prev = Hash of the leaf before
entry-map-root = Root of the map after it
entry-hashes = { $n ->
    [one] One hash
   *[other] { $number } hashes
    }
entry-raw = { $n ->
    [one] One raw byte
   *[other] { $number } raw bytes, in hexadecimal
    }
entry-previous = Entry before
entry-next = Entry after
checkpoints-title = Published checkpoints
checkpoints-lead = Each is a signed state of the log. Compare one with what you kept, or with what somebody else was shown.
checkpoints-size = { $n ->
    [one] One entry
   *[other] { $number } entries
    }
checkpoints-first = Signed by enough witnesses at
checkpoints-last = last at
checkpoints-not-cosigned = Not signed by enough witnesses of the operator’s policy
checkpoints-note = As it was published first
checkpoints-freshest = As it was signed last
ago-now = less than a minute ago
ago-minutes = { $n ->
    [one] one minute ago
   *[other] { $number } minutes ago
    }
ago-hours = { $n ->
    [one] one hour ago
   *[other] { $number } hours ago
    }
ago-days = { $n ->
    [one] one day ago
   *[other] { $number } days ago
    }
