# Organizations, their sites, and what is found about them.

given-level = level { $level } of { $max }
given-not-applicable = does not apply: { $why }
answer-contradicts = Another answer about the same day:
answer-contested-by = Contested by
answer-confirmed-by = Confirmed by
answer-withdrawn-by = Taken back by
answer-older = Earlier:
answer-contested = contested
answer-contradicted = contradicted
sources = Sources
evidence = Evidence, by its digest:
and-more =
    { $n ->
        [one] and { $number } more
       *[other] and { $number } more
    }
assurance-heading = Whose word, and how old
assurance-title = Present answers rest on
assurance-confirmed = confirmed by others
assurance-contested = contested by others
freshness-title = Age of the evidence
freshness-newest = newest
freshness-oldest = oldest
module-1 = Module 1: who and where
module-2 = Module 2: legitimacy
module-3 = Module 3: abuses that end trade at once
module-4 = Module 4: risks to be mended in time
module-5 = Module 5: improvement, level by level
map-about = Each mark stands in the middle of a square of about 11 km; nothing finer is known here. Outlines: Natural Earth.
others-title = What others saw for another purpose
others-note = It decides nothing. What was not seen does not speak for anything: nobody saw it that day.
others-against = speaks against it
others-context = helps to judge
band-unknown = nobody said what it can give

# The page of all organizations.
orgs-title = Organizations
orgs-lead = Those who dig, process, trade, refine, buy and check: how far each has come, and by whose word.
orgs-filter-title = Show only some, or in another order
orgs-any = Any
orgs-name = Part of the name
orgs-kind = What it does
orgs-country = Country (two letters)
orgs-area = Area of a site
orgs-standing = Standing
orgs-decided = Decided by the scheme
orgs-scenario = Legitimacy
orgs-modules = Modules met
orgs-incidents = Incidents
orgs-incidents-open = some are open
orgs-incidents-grave = one for which trade must end
orgs-incidents-none-open = none is open
orgs-freshness = Newest answer
orgs-overdue = Plan behind its time
orgs-overdue-yes = yes
orgs-overdue-no = no
orgs-level = { $pillar }: at least level
orgs-sort = Order
orgs-sort-enrolled = as they were enrolled
orgs-sort-name = by name
orgs-sort-standing = by standing
orgs-sort-since = by since when the standing holds
orgs-sort-changed = by the last change
orgs-sort-freshness = by the newest answer
orgs-sort-next-due = by what is due next
orgs-descending = The other way round
orgs-button = Show
orgs-all = Show all organizations
orgs-none = No organization fits this.
orgs-none-here = No organization among those looked at so far fits this. Go on to the next page.
orgs-map = Map of where organizations on this page dig; the numbers are those of the list below
orgs-caption = Organizations, with their standing
orgs-number = No.
orgs-organization = Organization
orgs-plans = Next due
orgs-newest = Newest answer
orgs-sites = Sites
orgs-grave =
    { $n ->
        [one] { $number } grave
       *[other] { $number } grave
    }
orgs-open =
    { $n ->
        [one] { $number } open
       *[other] { $number } open
    }

# The page of one organization.
org-enrolled = enrolled:
org-computed = As it follows from the record
org-since = since
org-by-time = by time alone
org-nothing-decided = nothing so far
org-differs = The scheme decided otherwise than what follows from the record. Both are shown.
org-causes = It is suspended because:
org-report = Latest report
org-report-lapses = without another one, its standing lapses after
org-report-digest = digest of the summary
org-no-report = none so far
org-next-change = May change by time alone at
org-gates = Gates
org-gates-note = What must be so before anything else counts. By the criteria
org-gates-caption = How many criteria of each module are how far
org-gate = Module
org-state = State
org-no-gates = No catalogue with gates has been published yet.
org-next = What is missing next
org-nothing-next = Nothing is missing.
org-otherwise = While this is not done:
org-due = by
org-due-at-first = at first
org-module = module { $module }
org-levels = Levels of improvement:
org-at-level = level { $level }: { $number }
org-without-level = no data: { $number }
org-no-pillar = Other criteria
org-elsewhere = Answers under other catalogues
org-elsewhere-note = They do not change the standing.
org-earlier = { $n ->
    [one] { $number } earlier answer
   *[other] { $number } earlier answers
}
org-plans = Plans
org-plan = Plan
org-no-plans = No plan was ever adopted.
org-overdue = overdue
org-open = open
org-not-reported = nobody reported on it
org-incidents = Incidents
org-incident = Incident
org-no-incidents = No incident is on record. Nobody may have reported one.
org-grave = trade must end
org-more = There is more than stands here.
org-all-plans = All plans
org-all-incidents = All incidents
org-all-answers = Every answer ever given about the organization itself
org-all-sites = All its sites
org-newest-first = newest first
org-indicators = Measured over time
org-over-time = The values below as a line, from the earliest day to the latest
org-sites = Sites
org-sites-caption = Sites it works, with what they gave beside what they can give
org-no-sites = It works no site.
org-map = Map of its sites; the numbers are those of the list below
org-onward = Look further
org-lots = Lots that it has
org-compare = Compare it with another one, or with itself at another time

# The page that compares.
compare-title = Compare organizations
compare-lead = Two organizations, or one at two dates, criterion by criterion. Each with its sites together: as good as the worst of them.
compare-a = One
compare-at1 = as of
compare-b = The other (empty: the same one)
compare-at2 = as of
compare-button = Compare
compare-caption = What stands on each side, and what the right one is, seen from the left
compare-criterion = Criterion
compare-left = Left
compare-right = Right
compare-trend = The right one is

# The page of a site.
place-site = Site
place-operator = Worked by
place-where = Where
place-no-cell = not on the map: nobody said where
place-deposit = How the gold lies
place-registered = Registered by entry
place-map = Map with this site
place-lots = Lots that were dug here
place-found = What was found here
place-found-note = Each answer is about its day. What was never asked is not here; it is no “no”.
place-all-answers = Every answer ever given about this site
place-permits = Permits
place-checked = looked up in its register on
place-unchecked = nobody looked it up in its register
place-production = Gold by month, beside what the site can give
place-production-note = As a share in words: amounts are between those whom they concern. Declared quantities may be invented for a demonstration; the page of each lot says so.
place-capacity =
    { $n ->
        [one] What it can give in { $number } month was established by
       *[other] What it can give in { $number } months was established by
    }
place-no-capacity = Nobody said what it can give.
place-no-months = No lot was declared from here.
place-month = Month
place-band = Of what it can give

# The page of all answers to one criterion.
history-title = Every answer to one criterion
history-note = The latest day first. What was taken back is struck through.
history-none = Nobody has answered this so far.
history-none-here = None among those looked at so far. Go on to the next page.

# The page of all sites.
sites-title = Sites
sites-lead = Where gold is dug, in the order in which sites were registered.
sites-all = Show all sites
sites-none = No site fits this.
sites-map = Map of the sites on this page; the numbers are those of the list below
sites-caption = Sites, with who works them
