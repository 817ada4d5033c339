# What values of the wire are called: organizations, what is found about them, sites.

# Why it is suspended.
cause-kind-abuse = a grave abuse is not ruled out
cause-kind-overdue = a risk was not mended in time
cause-kind-incident = a grave incident is open

# How far a criterion is.
criterion-state-met = met
criterion-state-mending = being mended
criterion-state-overdue = overdue
criterion-state-not-met = not met
criterion-state-unanswered = no data

# How old answers are.
freshness-state-fresh = fresh
freshness-state-stale = old
freshness-state-unassessed = never assessed

# What to do next.
next-step-kind-mend-abuse = Mend what fails among the grave abuses, and have it assessed again
next-step-kind-resolve-incident = Resolve an incident
next-step-kind-mend-overdue = Mend a risk although its time has run out, and have it assessed again
next-step-kind-publish-report = Publish a report
next-step-kind-answer-criterion = Answer a criterion that nobody answered
next-step-kind-meet-criterion = Meet a criterion that is not met
next-step-kind-adopt-plan = Adopt a plan for a risk
next-step-kind-show-progress = Show that what a plan mends got better, before its time runs out
next-step-kind-reach-milestone = Do what a milestone says, or extend it
next-step-kind-answer-contest = Answer those who contest
next-step-kind-renew-answer = Have an old answer assessed again
next-step-kind-gain-assurance = Have others look at what rests on its own word

# What follows while it is not done.
consequence-suspended = nobody may trade with it
consequence-will-be-suspended = nobody may trade with it once the time has run out
consequence-lapses = its standing lapses, or has lapsed
consequence-held-back = it does not come to the next standing
consequence-plan-behind = buyers see a plan behind its time
consequence-doubted = buyers see that it is doubted
consequence-stale = buyers see that it is old
consequence-own-word = buyers see that it rests on its own word

# What the right side is, seen from the left.
trend-same = the same
trend-better = better
trend-worse = worse

# How much of what it can give a site gives.
capacity-band-below-quarter = below a quarter
capacity-band-below-half = a quarter to a half
capacity-band-below-four-fifths = a half to four fifths
capacity-band-below-whole = four fifths to the whole
capacity-band-whole = the whole of it, or more
