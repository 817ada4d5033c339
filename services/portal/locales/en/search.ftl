# The page search.

search-title = Search
search-for = Looked for
search-empty = Nothing was typed in.
search-what = What can be searched for:
search-mistyped-lot = This looks like the number of a lot, and one character is wrong: the last one checks the others. Compare it with the label.
search-mistyped-organization = This looks like the number of an organization, and one character is wrong: the last one checks the others.
search-mistyped-site = This looks like the number of a site, and one character is wrong: the last one checks the others.
search-statement = This has the form of a statement’s id, and the log has no such statement.
search-log = To the log
search-record = The entry of this number in the log:
search-by-seal = Lots with this seal, tag or sample
search-by-melt = Lots of a melt of this number
search-by-bar = Bars of this number
search-by-certificate = Lots under this export certificate
search-organizations-called = Organizations with this in their names
search-sites-called = Sites with this in their names
search-all = All of them
search-nothing = Nothing bears this number or name.
search-organizations = Organizations
search-lots = Lots
