# A draft: no native speaker has read it yet.

# Why it is suspended.
cause-kind-abuse = não se exclui um abuso grave
cause-kind-overdue = um risco não foi corrigido a tempo
cause-kind-incident = há um incidente grave aberto

# How far a criterion is.
criterion-state-met = cumprido
criterion-state-mending = em correção
criterion-state-overdue = prazo vencido
criterion-state-not-met = não cumprido
criterion-state-unanswered = sem dados

# How old answers are.
freshness-state-fresh = recente
freshness-state-stale = antiga
freshness-state-unassessed = nunca avaliada

# What to do next.
next-step-kind-mend-abuse = Corrigir o que falha entre os abusos graves e fazê-lo avaliar de novo
next-step-kind-resolve-incident = Resolver um incidente
next-step-kind-mend-overdue = Corrigir um risco embora o prazo tenha vencido, e fazê-lo avaliar de novo
next-step-kind-publish-report = Publicar um relatório
next-step-kind-answer-criterion = Responder um critério que ninguém respondeu
next-step-kind-meet-criterion = Cumprir um critério que não está cumprido
next-step-kind-adopt-plan = Adotar um plano para um risco
next-step-kind-show-progress = Mostrar que melhorou o que um plano corrige, antes que vença o seu prazo
next-step-kind-reach-milestone = Fazer o que diz um marco, ou prorrogá-lo
next-step-kind-answer-contest = Responder a quem contesta
next-step-kind-renew-answer = Fazer avaliar de novo uma resposta antiga
next-step-kind-gain-assurance = Fazer com que outros olhem o que só se apoia na própria palavra

# What follows while it is not done.
consequence-suspended = ninguém pode comerciar com ela
consequence-will-be-suspended = ninguém poderá comerciar com ela quando vencer o prazo
consequence-lapses = a sua situação caduca ou caducou
consequence-held-back = não chega à situação seguinte
consequence-plan-behind = os compradores veem um plano atrasado
consequence-doubted = os compradores veem que há dúvida
consequence-stale = os compradores veem que é antigo
consequence-own-word = os compradores veem que se apoia na própria palavra

# What the right side is, seen from the left.
trend-same = igual
trend-better = melhor
trend-worse = pior

# How much of what it can give a site gives.
capacity-band-below-quarter = menos de um quarto
capacity-band-below-half = de um quarto à metade
capacity-band-below-four-fifths = da metade a quatro quintos
capacity-band-below-whole = de quatro quintos ao total
capacity-band-whole = o total ou mais
