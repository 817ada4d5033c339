# The page home.

home-heading = Where does this gold come from, and who says so?
home-lead = Look up a lot, a bar or a mining organization; see every signature behind it; take a proof away that needs nobody’s word.
home-search-label = Search for anything
home-search-hint = The number of a lot, an organization, a site, a seal, a certificate, a bar, a statement, or an entry of the log; or words of a name, in any order.
home-door-lots = Lots
home-door-lots-why = Who has them, where they were dug, through whose hands they came, and whether you may buy them.
home-door-organizations = Organizations
home-door-organizations-why = How far mining organizations have come, who says so, and what comes next.
home-door-verify = Verify a proof
home-door-verify-why = On your own device, also without a network.
home-door-log = The log
home-door-log-why = Every statement that came in, in order, under witnesses’ signatures.
home-door-submit = Report and hand over
home-door-submit-why = For organizations: signed on your device, sent when there is a network.
