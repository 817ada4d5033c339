# A draft: no native speaker has read it yet.

given-level = niveau { $level } sur { $max }
given-not-applicable = ne s’applique pas : { $why }
answer-contradicts = Une autre réponse sur le même jour :
answer-contested-by = Contestée par
answer-confirmed-by = Confirmée par
answer-withdrawn-by = Retirée par
answer-older = Avant :
answer-contested = contestée
answer-contradicted = contredite
sources = Sources
evidence = Preuves, par leur empreinte :
and-more =
    { $n ->
        [one] et { $number } de plus
       *[other] et { $number } de plus
    }
assurance-heading = La parole de qui, et de quand
assurance-title = Les réponses présentes reposent sur
assurance-confirmed = confirmées par d’autres
assurance-contested = contestées par d’autres
freshness-title = Âge des preuves
freshness-newest = la plus récente
freshness-oldest = la plus ancienne
module-1 = Module 1 : qui et où
module-2 = Module 2 : légitimité
module-3 = Module 3 : abus qui mettent fin au commerce tout de suite
module-4 = Module 4 : risques à corriger à temps
module-5 = Module 5 : amélioration, niveau par niveau
map-about = Chaque marque est au milieu d’un carré d’environ 11 km ; rien de plus précis n’est connu ici. Contours : Natural Earth.
others-title = Ce que d’autres ont vu dans un autre but
others-note = Cela ne décide rien. Ce qui n’a pas été vu ne parle en faveur de rien : personne ne l’a vu ce jour-là.
others-against = parle contre
others-context = aide à juger
band-unknown = personne n’a dit ce qu’il peut donner

# The page of all organizations.
orgs-title = Organisations
orgs-lead = Ceux qui extraient, traitent, négocient, affinent, achètent et contrôlent : où chacun en est, et selon qui.
orgs-filter-title = N’en montrer que certaines, ou dans un autre ordre
orgs-any = Peu importe
orgs-name = Partie du nom
orgs-kind = Ce qu’elle fait
orgs-country = Pays (deux lettres)
orgs-area = Zone d’un site
orgs-standing = Situation
orgs-decided = Décidé par le dispositif
orgs-scenario = Légitimité
orgs-modules = Modules remplis
orgs-incidents = Incidents
orgs-incidents-open = il y en a d’ouverts
orgs-incidents-grave = un qui oblige à cesser le commerce
orgs-incidents-none-open = aucun d’ouvert
orgs-freshness = Réponse la plus récente
orgs-overdue = Plan en retard
orgs-overdue-yes = oui
orgs-overdue-no = non
orgs-level = { $pillar } : au moins le niveau
orgs-sort = Ordre
orgs-sort-enrolled = comme elles ont été inscrites
orgs-sort-name = par nom
orgs-sort-standing = par situation
orgs-sort-since = selon depuis quand dure la situation
orgs-sort-changed = par le dernier changement
orgs-sort-freshness = par la réponse la plus récente
orgs-sort-next-due = par la prochaine échéance
orgs-descending = Dans l’autre sens
orgs-button = Montrer
orgs-all = Montrer toutes les organisations
orgs-none = Aucune organisation ne correspond.
orgs-none-here = Aucune des organisations vues jusqu’ici ne correspond. Continuez à la page suivante.
orgs-map = Carte des lieux où les organisations de cette page extraient ; les numéros sont ceux de la liste ci-dessous
orgs-caption = Organisations, avec leur situation
orgs-number = N°
orgs-organization = Organisation
orgs-plans = Prochaine échéance
orgs-newest = Réponse la plus récente
orgs-sites = Sites
orgs-grave =
    { $n ->
        [one] { $number } grave
       *[other] { $number } graves
    }
orgs-open =
    { $n ->
        [one] { $number } ouvert
       *[other] { $number } ouverts
    }

# The page of one organization.
org-enrolled = inscrite :
org-computed = Tel qu’il découle du registre
org-since = depuis
org-by-time = par le seul passage du temps
org-nothing-decided = rien jusqu’ici
org-differs = Le dispositif a décidé autrement que ce qui découle du registre. Les deux sont montrés.
org-causes = Elle est suspendue parce que :
org-report = Dernier rapport
org-report-lapses = sans un autre, sa situation expire après
org-report-digest = empreinte du résumé
org-no-report = aucun jusqu’ici
org-next-change = Peut changer par le seul temps le
org-gates = Portes
org-gates-note = Ce qui doit être rempli avant que le reste compte. Selon les critères
org-gates-caption = Combien de critères de chaque module en sont où
org-gate = Module
org-state = État
org-no-gates = Aucun catalogue avec des portes n’a encore été publié.
org-next = Ce qui manque ensuite
org-nothing-next = Rien ne manque.
org-otherwise = Tant que ce n’est pas fait :
org-due = avant
org-due-at-first = d’abord
org-module = module { $module }
org-levels = Niveaux d’amélioration :
org-at-level = niveau { $level } : { $number }
org-without-level = pas de données : { $number }
org-no-pillar = Autres critères
org-elsewhere = Réponses selon d’autres catalogues
org-elsewhere-note = Elles ne changent pas la situation.
org-earlier = { $n ->
    [one] { $number } réponse antérieure
   *[other] { $number } réponses antérieures
}
org-plans = Plans
org-plan = Plan
org-no-plans = Aucun plan n’a jamais été adopté.
org-overdue = en retard
org-open = ouvert
org-not-reported = personne n’en a rendu compte
org-incidents = Incidents
org-incident = Incident
org-no-incidents = Aucun incident n’est enregistré. Il se peut que personne n’en ait signalé.
org-grave = le commerce doit cesser
org-more = Il y a plus que ce qui figure ici.
org-all-plans = Tous les plans
org-all-incidents = Tous les incidents
org-all-answers = Chaque réponse donnée sur l’organisation elle-même
org-all-sites = Tous ses sites
org-newest-first = le plus récent d’abord
org-indicators = Mesuré au fil du temps
org-over-time = Les valeurs ci-dessous en ligne, du premier jour au dernier
org-sites = Sites
org-sites-caption = Sites qu’elle exploite, avec ce qu’ils ont donné à côté de ce qu’ils peuvent donner
org-no-sites = Elle n’exploite aucun site.
org-map = Carte de ses sites ; les numéros sont ceux de la liste ci-dessous
org-onward = Voir plus loin
org-lots = Lots qu’elle a
org-compare = La comparer à une autre, ou à elle-même à une autre date

# The page that compares.
compare-title = Comparer des organisations
compare-lead = Deux organisations, ou une à deux dates, critère par critère. Chacune avec tous ses sites : aussi bonne que le pire d’entre eux.
compare-a = L’une
compare-at1 = à la date du
compare-b = L’autre (vide : la même)
compare-at2 = à la date du
compare-button = Comparer
compare-caption = Ce qui figure de chaque côté, et ce qu’est le droit vu du gauche
compare-criterion = Critère
compare-left = Gauche
compare-right = Droite
compare-trend = La droite est

# The page of a site.
place-site = Site
place-operator = Exploité par
place-where = Où
place-no-cell = pas sur la carte : personne n’a dit où
place-deposit = Comment se trouve l’or
place-registered = Enregistré par l’entrée
place-map = Carte avec ce site
place-lots = Lots extraits ici
place-found = Ce qui a été trouvé ici
place-found-note = Chaque réponse parle de son jour. Ce qui n’a jamais été demandé n’est pas ici ; ce n’est pas un « non ».
place-all-answers = Chaque réponse donnée sur ce site
place-permits = Permis
place-checked = consulté dans son registre le
place-unchecked = personne ne l’a consulté dans son registre
place-production = Or par mois, à côté de ce que le site peut donner
place-production-note = En part, par des mots : les quantités regardent ceux qu’elles concernent. Les quantités déclarées peuvent être inventées pour une démonstration ; la page de chaque lot le dit.
place-capacity =
    { $n ->
        [one] Ce qu’il peut donner en { $number } mois a été établi par
       *[other] Ce qu’il peut donner en { $number } mois a été établi par
    }
place-no-capacity = Personne n’a dit ce qu’il peut donner.
place-no-months = Aucun lot n’a été déclaré d’ici.
place-month = Mois
place-band = De ce qu’il peut donner

# The page of all answers to one criterion.
history-title = Chaque réponse à un critère
history-note = Le jour le plus récent d’abord. Ce qui a été retiré est barré.
history-none = Personne n’y a répondu jusqu’ici.
history-none-here = Aucune parmi celles regardées jusqu’ici. Passez à la page suivante.

# The page of all sites.
sites-title = Sites
sites-lead = Là où l’or est extrait, dans l’ordre où les sites ont été inscrits.
sites-all = Montrer tous les sites
sites-none = Aucun site ne correspond.
sites-map = Carte des sites de cette page ; les numéros sont ceux de la liste ci-dessous
sites-caption = Sites, avec ceux qui les exploitent
