# The page "May I buy this lot?".

check-dossier = Dossier of a lot
check-faults = { $n ->
    [one] { $number } thing is wrong with this policy
   *[other] { $number } things are wrong with this policy
}
check-line = Line { $line }:
check-by-policy = By the policy
check-no-policy = Choose a policy for an answer
check-no-policy-lead = Nobody has named a policy yet. Below the choice stands what counts whatever a policy says.
check-reasons = Reasons
check-no-reason = Nothing speaks against it.
check-share = { $share } of the gold
check-rests-on-nothing = rests on no statement: nobody said anything
check-rests-on = rests on
check-reasons-left-out = { $n ->
    [one] { $number } more reason is in the file.
   *[other] { $number } more reasons are in the file.
}
check-checked = Checked, and it holds
check-checked-nothing = Nothing.
check-origins-caption = By site and by who declared it, the largest part first.
check-permit = Permit at every declaration
check-permit-in-force = in force
check-permit-not-in-force = not in force
check-permit-none-recorded = none is recorded
check-permit-not-known = not known
check-left-out = { $n ->
    [one] { $number } more fact was not looked at
   *[other] { $number } more facts were not looked at
}
check-documents = Documents that are named
check-documents-lead = A statement names each of them. What they say was not read.
check-policy = The policy
check-policy-digest = SHA-256 of its text:
check-policy-text = Its text
check-checkpoint = The log
check-checkpoint-lead = The latest state of the log that was signed. A device checks it together with the proof.
check-checkpoint-behind = It does not hold everything yet that this answer rests on.
check-checkpoint-size = { $n ->
    [one] Checkpoint of { $number } entry
   *[other] Checkpoint of { $number } entries
}
check-checkpoint-away = The log does not answer right now, so no checkpoint stands here. The answer does not depend on it.
check-caveat = What this rests on was declared, signed and checked for consistency. It proves no origin, and it is no advice.
check-take = Take away
check-bundle-times = Download it with the times of every statement
check-dossier-print = Dossier to print
check-dossier-json = Dossier as a file
check-choose = By which policy?
check-change = Change the policy
check-choose-lead = A policy says what a buyer asks for. None of these is anybody’s standard, and passing one is no certificate.
check-shipped = One that comes with this page
check-button = Answer
check-own = A policy of your own
check-own-lead = It is sent here to be judged by, and not kept. To keep it on your own machine, use the program veta.
check-own-file = As a file
check-own-text = Or as a text
outcome-eligible = Eligible
outcome-needs-a-person = Needs a person
outcome-not-eligible = Not eligible
severity-of-reason-not-eligible = not eligible
severity-of-reason-needs-a-person = needs a person
severity-of-reason-noted = noted
policy-progressive = Progressive
policy-progressive-why = stays with miners who are getting better; what is behind its time, doubted or only their own word goes to a person.
policy-legal-title = Legal title
policy-legal-title-why = a title or permit at the mine, and nothing for which trade must end at once; by anybody’s word but the organization’s own.
policy-strict = Strict
policy-strict-why = legal title, everything asked by an independent assessor within a year, nothing open, nothing flagged. Most artisanal gold does not come through it.
judged-lot-state = State of the lot
judged-holds = Holds
judged-suspects = Keys that signed
judged-origins = Who contributed
judged-illustrative = Quantities
judged-standing-then = How organizations stood when they declared
judged-standing-now = How organizations stand now
judged-modules = Modules
judged-assurance = By whose word
judged-age = How old answers are
judged-contested = What others say of answers
judged-scenarios = Legitimacy
judged-permit = Permit at the mine
judged-countries = Countries
judged-incidents = Incidents
judged-plans = Plans
judged-flags = What deserves a second look
judged-custody-model = What is promised about mixing
judged-documents = Documents
checked-lot-state = The lot is still there
checked-holds = Nobody holds it, nor what it was made of
checked-suspects = No key that signed for it is said to have been in other hands
checked-origins = Who contributed is known
checked-illustrative = Its quantities are not said to be invented
checked-standing-then = When they declared, organizations stood as the policy asks
checked-standing-now = Organizations stand as the policy asks
checked-modules = The modules that the policy asks for are met
checked-assurance = Answers rest on the word that the policy asks for, or a better one
checked-age = No answer is older than the policy allows
checked-contested = No answer is contested
checked-scenarios = At every site a case of legitimacy applies that the policy accepts
checked-permit = At every mine a permit was in force at every declaration
checked-countries = Every site is in a country that the policy accepts
checked-incidents = No open incident of the kind that the policy asks about
checked-plans = No plan is overdue
checked-flags = Nothing deserves a second look
checked-custody-model = About mixing, no less is promised than the policy asks
checked-documents = Every document that the policy asks for is named
document-delivery-slip = delivery slip
document-transfer-document = document of the hand-over
document-invoice = invoice
document-weight-record = record of the weighing
document-assay-report = report of the assay
document-seal-photo = photo of the seal
document-melt-sheet = sheet of the melt
document-export-certificate = export certificate
document-receiving-report = report of the receipt
reason-on-offer = The lot is on offer to { $to }.
reason-consumed = Other lots were made of this one: it cannot be bought.
reason-retired = The lot has left the system: it cannot be bought.
reason-lost = The lot was lost: it cannot be bought.
reason-held = The lot is held: { $reason }
reason-held-before = A lot that it was made of is held: { $reason }
reason-key-in-other-hands = The key that signed a statement on it is said to have been in other hands when it did.
reason-origin-unknown = Nothing says where the lot was dug.
reason-origin-of-part-unknown = Nothing says where { $part } of its gold was dug.
reason-not-gathered = { $count ->
    [one] { $count } more fact about the lot was not looked at.
   *[other] { $count } more facts about the lot were not looked at.
}
reason-invented = The quantities of the lot are invented: no such gold need exist.
reason-flagged = { $count ->
    [0] Deserves a second look: { $flag }.
    [1] Deserves a second look: { $flag }.
   *[other] Deserves a second look, { $count } times: { $flag }.
}
reason-custody-model-too-weak = About mixing it is promised: { $found }. Asked for is at least: { $least }.
reason-document-missing = No statement names a document of this kind: { $document }.
reason-standing-then-unknown = How { $organization } stood when it declared is not known.
reason-standing-now-unknown = How { $organization } stands now is not known.
reason-standing-not-accepted = On { $day }, { $organization } was { $found }, as follows from the record. Accepted: { $accepted }.
reason-scheme-decided = On { $day }, the scheme’s latest decision about { $organization } was: { $found }.
reason-permit-not-in-force = The permit that covers { $site } was not in force at every declaration.
reason-permit-not-recorded = No permit that covers { $site } is recorded.
reason-permit-unknown = Whether a permit covers { $site } is not known.
reason-country-unknown = In which country { $site } is, is not known.
reason-country-denied = { $site } is in { $country }, which the policy denies.
reason-country-not-allowed = { $site } is in { $country }. Allowed: { $allowed }.
reason-module-unknown = How far { $organization } is in module { $module } is not known.
reason-module-not-asked = Nothing was asked of { $organization } under module { $module }.
reason-module-not-answered = { $count ->
    [one] Of module { $module }, { $count } question about { $organization } was not answered.
   *[other] Of module { $module }, { $count } questions about { $organization } were not answered.
}
reason-module-silent = Nobody said anything under module { $module } about { $organization }.
reason-module-not-met = { $organization } does not meet module { $module }: { $criteria }
reason-assurance-too-weak = Of module { $module }, what is said about { $criterion } of { $organization } is by this word: { $found }. Asked for is at least: { $least }.
reason-answer-too-old = { $days ->
    [one] Of module { $module }, what is said about { $criterion } of { $organization } is of { $day }. Accepted: { $days } day.
   *[other] Of module { $module }, what is said about { $criterion } of { $organization } is of { $day }. Accepted: { $days } days.
}
reason-answers-contested = { $count ->
    [one] Others say that { $count } answer about { $organization } is not so.
   *[other] Others say that { $count } answers about { $organization } are not so.
}
reason-scenario-unknown = Which case of legitimacy applies to { $site }, worked by { $organization }, is not known.
reason-scenario-not-accepted = To { $site }, worked by { $organization }, applies: { $found }. Accepted: { $accepted }.
reason-incident-open = An incident about { $organization } is open: { $category }, { $confidence }, { $severity }.
reason-incidents-not-gathered = { $count ->
    [one] { $count } more incident about { $organization } is open, and was not looked at.
   *[other] { $count } more incidents about { $organization } are open, and were not looked at.
}
reason-plans-overdue = { $count ->
    [one] { $count } plan of { $organization } is overdue on { $day }.
   *[other] { $count } plans of { $organization } are overdue on { $day }.
}
policy-fault-too-long = The policy is longer than { $bytes } bytes: leave out what is not needed.
policy-fault-malformed = This is not the form of a policy. The program that read it says, in English:
policy-fault-version = Version { $found } of policies is not known here: write version = { $known }.
policy-fault-nameless = name is empty: write what people call this policy.
policy-fault-word = { $field } has { $found }, which means nothing. It may be: { $known }.
policy-fault-empty = { $field } names nothing: name at least one, or leave it out.
policy-fault-repeated = { $field } has { $found } twice: write it once.
policy-fault-slug = { $field } has { $found }, which is no name: write lower-case letters, digits, dots, hyphens or underscores.
policy-fault-country = { $field } has { $found }, which is no country: write its two capital letters, such as CD.
policy-fault-country-twice = countries allows and denies { $found }: do one of both.
policy-fault-module = modules.met has { $found }, which nobody can meet: write 1, 2, 3 or 4.
policy-fault-without-modules = { $field } asks about modules, but about which? Write modules with met, or leave it out.
policy-fault-flag-twice = flags has { $found } in two lists: leave it in one.
policy-fault-share = ignore_below_ppm is { $found }, and the whole lot is 1000000: write less, such as 10000 for a hundredth.
policy-fault-asks-nothing = { $field } asks for nothing: write what it shall ask for, or leave it out.
