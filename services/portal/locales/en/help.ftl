# The page help.

help-title = What this is, in plain words
help-lead = For everybody who buys, digs, carries or checks gold.
help-what-title = What is recorded
help-what = Everyone who digs, hands over, melts, assays or buys gold says so in a signed statement. Statements are kept in one order and never changed. A mistake is corrected by a new statement; both stay.
help-who-title = Who says it
help-who = Beside every fact stands who signed it and when. What an organization says of itself is marked as such; so is what somebody else checked.
help-standing-title = Standing of an organization
help-standing = First come gates: identity and legitimacy, then what must never happen, then what must be mitigated within six months. Only behind them are levels of progress. An answer that was never asked for is no data, never a pass.
help-lot-title = What a lot is
help-lot = An amount of gold that somebody holds. It changes hands only if one side offers it and the other accepts it, with its own measured mass. When lots are melted together or cut, the new ones remember what they were made of.
help-verdict-title = May I buy this lot?
help-verdict = You choose the rules: your own policy. The answer is eligible, not eligible, or needs a person, with every reason and the statement it rests on. What is not known is never taken for good.
help-proof-title = What a proof file shows
help-proof = Every statement about the lot, that none was left out, and that witnesses saw the log that holds them. Your device checks it with two programs that share no code, and without a network.
help-witness-title = What witnesses do
help-witness = Others should run them: look who each one is. A witness signs the state of the log only if the log has grown and nothing in it was changed. One that audits decides every statement again first. As long as those who sign do not all belong together, nobody can show you a different past.
help-files-title = Files, and who may see them
help-files = Statements name photos and documents by their digests. The files are kept beside the log, for those whom their owner means: everyone, buyers, assessors, or the organization alone. Who has the organization’s key signs in with it; there is no password. Every look at a file that is not public is written down, and its owner can read that.
help-trust-title = What you have to trust
help-trust = Those who signed, for what they say. The witnesses that you choose, for having seen no other history. Not this page, not our database: your device and anybody’s programs check them.
help-not-title = What no record can show
help-not = Whether those who sign tell the truth. If everyone at the mine agrees on a lie, the record holds the lie, signed and dated. That is why assessments, visits and assays by others count for more.
help-invented-title = Invented quantities
help-invented = In a demonstration, quantities of lots are invented and marked wherever they are shown. Translations other than English have not been read by native speakers yet.
