# A draft: no native speaker has read it yet.

# Why it is suspended.
cause-kind-abuse = un abus grave n’est pas exclu
cause-kind-overdue = un risque n’a pas été corrigé à temps
cause-kind-incident = un incident grave est ouvert

# How far a criterion is.
criterion-state-met = rempli
criterion-state-mending = en cours de correction
criterion-state-overdue = délai dépassé
criterion-state-not-met = non rempli
criterion-state-unanswered = pas de données

# How old answers are.
freshness-state-fresh = récente
freshness-state-stale = ancienne
freshness-state-unassessed = jamais évaluée

# What to do next.
next-step-kind-mend-abuse = Corriger ce qui échoue parmi les abus graves et le faire évaluer à nouveau
next-step-kind-resolve-incident = Résoudre un incident
next-step-kind-mend-overdue = Corriger un risque bien que son délai soit dépassé, et le faire évaluer à nouveau
next-step-kind-publish-report = Publier un rapport
next-step-kind-answer-criterion = Répondre à un critère auquel personne n’a répondu
next-step-kind-meet-criterion = Remplir un critère qui ne l’est pas
next-step-kind-adopt-plan = Adopter un plan pour un risque
next-step-kind-show-progress = Montrer que ce qu’un plan corrige s’est amélioré, avant la fin de son délai
next-step-kind-reach-milestone = Faire ce que dit une étape, ou la prolonger
next-step-kind-answer-contest = Répondre à ceux qui contestent
next-step-kind-renew-answer = Faire évaluer à nouveau une réponse ancienne
next-step-kind-gain-assurance = Faire regarder par d’autres ce qui ne repose que sur sa propre parole

# What follows while it is not done.
consequence-suspended = personne ne peut commercer avec elle
consequence-will-be-suspended = personne ne pourra commercer avec elle une fois le délai dépassé
consequence-lapses = sa situation expire ou a expiré
consequence-held-back = elle n’arrive pas à la situation suivante
consequence-plan-behind = les acheteurs voient un plan en retard
consequence-doubted = les acheteurs voient que c’est mis en doute
consequence-stale = les acheteurs voient que c’est ancien
consequence-own-word = les acheteurs voient que cela repose sur sa propre parole

# What the right side is, seen from the left.
trend-same = pareil
trend-better = mieux
trend-worse = moins bien

# How much of what it can give a site gives.
capacity-band-below-quarter = moins d’un quart
capacity-band-below-half = d’un quart à la moitié
capacity-band-below-four-fifths = de la moitié aux quatre cinquièmes
capacity-band-below-whole = des quatre cinquièmes au total
capacity-band-whole = le total ou plus
