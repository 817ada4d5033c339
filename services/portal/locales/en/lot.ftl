# The page of a lot.

lot-handovers-signed = { $n ->
    [one] { $number } hand-over signed by both sides
   *[other] { $number } hand-overs signed by both sides
}
lot-no-hold = No hold reaches it
lot-holds-count = { $n ->
    [one] { $number } hold stops it
   *[other] { $number } holds stop it
}
lot-no-flag = Nothing about it was found to deserve a second look
lot-flags-count = { $n ->
    [one] { $number } thing deserves a second look
   *[other] { $number } things deserve a second look
}
lot-flags-behind-count = { $n ->
    [one] { $number } kind of thing deserves a second look in what it was made of
   *[other] { $number } kinds of things deserve a second look in what it was made of
}
lot-suspects-count = { $n ->
    [one] { $number } key that spoke of it is not to be believed
   *[other] { $number } keys that spoke of it are not to be believed
}
lot-check = May I buy this lot?
lot-bundle = Download the proof
lot-bundle-present = of the present
lot-verify = Verify it on your device
lot-label = Label to print
lot-facts-title = What it is and who has it
lot-bar = Stamped on it
lot-bar-brand = brand
lot-bar-serial = number
lot-declared-gross = at first
lot-gold-max = at most
lot-fineness-unknown = nobody has said how fine it is
lot-fineness = Fineness
lot-silver = Silver
lot-fineness-claim = a claim, no assay
lot-fineness-assay = an assay
lot-made-by = Made by
lot-declared-by = Declared by
lot-owner = Whose it is
lot-offered-to = Offered to
lot-offer-until = until
lot-with-title = ownership passes with it
lot-was-offered-to = Was offered, in vain, to
lot-exported-from = Exported from
lot-in-books-of = In the books of
lot-mixing = About mixing it is promised
lot-latest = Latest statement on it
lot-holds-title = Held
lot-held-through = Reaches it through
lot-incident = Incident
lot-more-than-shown = There are more than are shown.
lot-flags-title = What deserves a second look
lot-flags-lead = The rules admitted it all the same. Nothing follows from it by itself; ask those who signed.
lot-flag-other = see also
lot-flag-umpire = the umpire’s assay:
lot-flag-figures = { $found }, where the line is { $line }
lot-days = { $n ->
    [one] { $number } day
   *[other] { $number } days
}
lot-times = { $n ->
    [one] { $number } time
   *[other] { $number } times
}
lot-handovers-title = Through whose hands it came
lot-no-handover = It has not changed hands.
lot-handovers-caption = Each hand-over is signed twice: by who gives, and by who takes and weighs.
handover-from = From
handover-to = To
handover-outcome = Outcome
handover-given = Mass as given
handover-measured = Mass as measured
handover-difference = Difference
handover-seals = Seals as found
handover-earlier-page = offered on an earlier page
handover-no-answer = has signed nothing about it
handover-signed = signed by
handover-accepted = taken over
handover-declined = declined
handover-withdrawn = offer withdrawn
handover-open = on offer
handover-expired = offer ended unanswered
lot-origins-title = Where its gold comes from
lot-origins-caption = By site and by who declared it, the largest part first. What was mixed is divided by mass.
lot-origins-left-out = { $n ->
    [one] { $number } smaller part is not shown here.
   *[other] { $number } smaller parts are not shown here.
}
origin-share = Share
origin-organization = Organization
origin-lots = Declared as
origin-lots-count = { $n ->
    [one] { $number } lot
   *[other] { $number } lots
}
origin-permit-then = Permit then
origin-permit-now = Permit now
origin-permit-until = until
origin-no-permit = no permit known
lot-standings-title = How those who declared it stood and stand
lot-standings-caption = Standing on the day of the last declaration of gold that is in this lot, and on the day this page is true of.
stood-declared = Declared
stood-then = Standing then
stood-now = Standing now
stood-since = since
stood-incidents = { $n ->
    [one] { $number } open incident
   *[other] { $number } open incidents
}
lot-behind-title = What is known of all it was made of
behind-sites = { $n ->
    [one] { $number } site
   *[other] { $number } sites
}
behind-organizations = { $n ->
    [one] { $number } organization
   *[other] { $number } organizations
}
behind-no-flag = Nothing in it was found to deserve a second look.
behind-suspect = key not to be believed
behind-suspect-revoked = said in
behind-suspect-spoke = it spoke last of
behind-too-much = What it was made of is too much for one answer: look at lots that are nearer
lot-refused-title = Statements about it that were refused
lot-refused-none = None that is in the log names this lot. What is refused when it is handed in does not come into the log.
lot-refused-lead = Somebody signed them, they came into the log, and the rules did not let them count: a second sale of what was sold before, for instance. What is refused when it is handed in is not among them.
lot-refused-unknown = The log does not answer now.
lot-refused-behind = The log does not have the newest statements yet: load this page again in a moment.
lot-refused-count = { $n ->
    [one] { $number } statement about it was refused
   *[other] { $number } statements about it were refused
}
lot-assays-title = Assays
lot-assays-caption = The newest first
assay-method = Method
assay-for = What for
assay-of = What was assayed
assay-by = By
assay-replaced = replaced since
assay-of-lot = the lot itself
assay-of-sample = sample
lot-melt = Melt
lot-seals-title = Seals and samples
lineage-title = What it was made of and what became of it
lineage-lead = { $n ->
    [one] Up to { $number } step away
   *[other] Up to { $number } steps away
}
lineage-picture = Picture: what went in stands to the left of what came out
lineage-made-of = What it was made of
lineage-became = What became of it
lineage-of = came out of:
lineage-into = went into:
lineage-more = There is more than is shown here.
lineage-deeper = Show more steps
lineage-goes-on = goes on: see this lot
lineage-this-lot = this lot
lineage-inputs = { $n ->
    [one] { $number } lot in
   *[other] { $number } lots in
}
lineage-outputs = { $n ->
    [one] { $number } lot out
   *[other] { $number } lots out
}
lineage-lost = lost:
lineage-above = written out above
lot-path-title = Everything that was said about it
lot-path-lead = In the order of the log, the oldest first.
step-lot-declared = Declared
step-custody-offered = Offered
step-custody-accepted = Taken over and weighed
step-custody-declined = Declined
step-offer-withdrawn = Offer withdrawn
step-title-transferred = Ownership passed on
step-lot-retired = Left the system
step-lot-lost = Lost
step-lot-weighed = Weighed
step-lot-sampled = Sampled
step-lot-assayed = Assayed
step-lot-sealed = Sealed
step-seal-broken = Seal broken
step-lots-transformed = Made out of other lots
step-used-up = Became other lots
step-lot-exported = Exported
step-lot-received = Received by a refiner
step-lot-held = Held
step-lot-released = Released
step-correction-proposed = Correction proposed
step-correction-confirmed = Correction confirmed
step-signed-for = signed in its name by
step-seals = Seals or samples
step-number = Number
step-countries = Countries
step-witness = Who else looked
step-reason = Why
step-target = About the statement
step-documents = Documents, by their digests
step-stated = Said to have been signed
step-logged = Came into the log
step-not-before = not before
step-not-after = not after
step-not-known = not known
