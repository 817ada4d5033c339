# What stands on every page.

site-title = Veta: where gold comes from, and who says so
skip-to-content = Skip to content
nav-label = Main
nav-organizations = Organizations
nav-lots = Lots
nav-log = Log
nav-verify = Verify
nav-submit = Submit
nav-help = Help
nav-sign-in = Sign in
search-label = Search
search-button = Search
language-label = Language
as-of-label = Show everything as of
as-of-button = Show
as-of-past = As it was known at { $at }, not as it is today.
as-of-not-here = This page is about the present. The others show what was known at { $at }.
as-of-present = Show the present
footer-claim = What is shown here was declared and signed by those who are named, and checked for consistency. It does not prove an origin.
entry-in-log = This entry in the log
invented = invented for a demonstration
percent = { $number }%
no-data = no data
true-of = True of everything up to
pager-label = Pages
pager-first = First page
pager-next = Next page
trouble-status = Status { $status }
trouble-not-found-title = Nothing here
trouble-not-found = There is no such thing, or there was not yet at the time you asked about. Check the address, or search.
trouble-asked-title = This cannot be understood
trouble-asked = Something in the address or the form has no meaning. Go back and correct it.
trouble-unmeant = This cannot be meant:
takes-time = A day is written 2026-01-31, an instant 2026-01-31T12:00:00Z; the number of an entry of the log is taken, too.
takes-offered = Only what the form offers has a meaning here.
takes-number = Write a whole number, not below or above what is meant, such as a year in four digits.
takes-place = This comes from a link to the next page of a list: begin at the first page.
takes-party = Write the number of an organization, org-…, or so much of its name that only one has it.
takes-site = Write the number of a site, site-…, or so much of its name that only one has it.
takes-register = Write the number as it stands on the paper or the bar, 64 letters at most. A register is written in small letters, such as ceec, and may be left out.
fault-several = Several bear this in their names. Which one?
fault-more = There are more; write more of the name.
fault-none = None is called so.
fault-title = Something in the form is unclear; it is marked below.
trouble-other-site-title = Sent from another site
trouble-other-site = This was sent from a page that is not ours, so nothing was done. Open the form here and send it again.
trouble-too-long-title = Too long
trouble-too-long = { $n ->
    [one] What you sent is longer than is taken here: { $number } byte at most. Send something shorter.
   *[other] What you sent is longer than is taken here: { $number } bytes at most. Send something shorter.
}
trouble-too-fast-title = Too fast
trouble-too-fast = { $n ->
    [one] You, or others at your address, ask for more than is answered at once. Nothing is lost. Wait { $number } second and load this page again.
   *[other] You, or others at your address, ask for more than is answered at once. Nothing is lost. Wait { $number } seconds and load this page again.
}
trouble-unread-title = This cannot be read
trouble-unread = What was sent cannot be read here, so nothing was done. Open the page from which it was sent anew, and send it again from there.
trouble-too-much-title = Too much for one page
trouble-too-much = This is more than one page can show. Ask for something nearer or narrower.
trouble-away-title = Not available right now
trouble-away = A part of the system is away or behind. Nothing is lost. Try again in a few seconds.
trouble-wrong-title = Something is wrong here
trouble-wrong = This is our fault, not yours, and it has been noted. Try again later.
