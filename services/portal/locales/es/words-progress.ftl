# A draft: no native speaker has read it yet.

# Why it is suspended.
cause-kind-abuse = no se descarta un abuso grave
cause-kind-overdue = un riesgo no se corrigió a tiempo
cause-kind-incident = hay un incidente grave abierto

# How far a criterion is.
criterion-state-met = cumplido
criterion-state-mending = en corrección
criterion-state-overdue = plazo vencido
criterion-state-not-met = no cumplido
criterion-state-unanswered = sin datos

# How old answers are.
freshness-state-fresh = reciente
freshness-state-stale = antigua
freshness-state-unassessed = nunca evaluada

# What to do next.
next-step-kind-mend-abuse = Corregir lo que falla entre los abusos graves y hacerlo evaluar de nuevo
next-step-kind-resolve-incident = Resolver un incidente
next-step-kind-mend-overdue = Corregir un riesgo aunque su plazo haya vencido, y hacerlo evaluar de nuevo
next-step-kind-publish-report = Publicar un informe
next-step-kind-answer-criterion = Responder un criterio que nadie respondió
next-step-kind-meet-criterion = Cumplir un criterio que no se cumple
next-step-kind-adopt-plan = Adoptar un plan para un riesgo
next-step-kind-show-progress = Mostrar que mejoró lo que corrige un plan, antes de que venza su plazo
next-step-kind-reach-milestone = Hacer lo que dice un hito, o prorrogarlo
next-step-kind-answer-contest = Responder a quienes impugnan
next-step-kind-renew-answer = Hacer evaluar de nuevo una respuesta antigua
next-step-kind-gain-assurance = Hacer que otros miren lo que solo se apoya en su propia palabra

# What follows while it is not done.
consequence-suspended = nadie puede comerciar con ella
consequence-will-be-suspended = nadie podrá comerciar con ella cuando venza el plazo
consequence-lapses = su situación caduca o ha caducado
consequence-held-back = no llega a la siguiente situación
consequence-plan-behind = los compradores ven un plan atrasado
consequence-doubted = los compradores ven que está en duda
consequence-stale = los compradores ven que es antiguo
consequence-own-word = los compradores ven que se apoya en su propia palabra

# What the right side is, seen from the left.
trend-same = igual
trend-better = mejor
trend-worse = peor

# How much of what it can give a site gives.
capacity-band-below-quarter = menos de un cuarto
capacity-band-below-half = de un cuarto a la mitad
capacity-band-below-four-fifths = de la mitad a cuatro quintos
capacity-band-below-whole = de cuatro quintos al total
capacity-band-whole = el total o más
