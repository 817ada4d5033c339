# A draft: no native speaker has read it yet.

lot-handovers-signed = { $n ->
    [one] { $number } remise signée par les deux parties
   *[other] { $number } remises signées par les deux parties
}
lot-no-hold = Aucun blocage ne l’atteint
lot-holds-count = { $n ->
    [one] { $number } blocage l’arrête
   *[other] { $number } blocages l’arrêtent
}
lot-no-flag = Rien n’a été trouvé qui mérite un second regard
lot-flags-count = { $n ->
    [one] { $number } point mérite un second regard
   *[other] { $number } points méritent un second regard
}
lot-flags-behind-count = { $n ->
    [one] { $number } sorte de point mérite un second regard dans ce dont il a été fait
   *[other] { $number } sortes de points méritent un second regard dans ce dont il a été fait
}
lot-suspects-count = { $n ->
    [one] { $number } clé qui en a parlé n’est pas à croire
   *[other] { $number } clés qui en ont parlé ne sont pas à croire
}
lot-check = Puis-je acheter ce lot ?
lot-bundle = Télécharger la preuve
lot-bundle-present = du présent
lot-verify = Le vérifier sur votre appareil
lot-label = Étiquette à imprimer
lot-facts-title = Ce que c’est et qui l’a
lot-bar = Poinçonné dessus
lot-bar-brand = marque
lot-bar-serial = numéro
lot-declared-gross = au départ
lot-gold-max = au plus
lot-fineness-unknown = personne n’a dit quel est son titre
lot-fineness = Titre
lot-silver = Argent
lot-fineness-claim = une affirmation, pas une analyse
lot-fineness-assay = une analyse
lot-made-by = Fait par
lot-declared-by = Déclaré par
lot-owner = À qui il est
lot-offered-to = Proposé à
lot-offer-until = jusqu’au
lot-with-title = la propriété passe avec lui
lot-was-offered-to = A été proposé, en vain, à
lot-exported-from = Exporté de
lot-in-books-of = Dans les livres de
lot-mixing = Sur le mélange il est promis
lot-latest = Dernière déclaration à son sujet
lot-holds-title = Bloqué
lot-held-through = L’atteint à travers
lot-incident = Incident
lot-more-than-shown = Il y en a plus que ce qui est montré.
lot-flags-title = Ce qui mérite un second regard
lot-flags-lead = Les règles l’ont tout de même admis. Rien n’en découle de soi-même ; demandez à ceux qui ont signé.
lot-flag-other = voir aussi
lot-flag-umpire = l’analyse de l’arbitre :
lot-flag-figures = { $found }, où la limite est { $line }
lot-days = { $n ->
    [one] { $number } jour
   *[other] { $number } jours
}
lot-times = { $n ->
    [one] { $number } fois
   *[other] { $number } fois
}
lot-handovers-title = Par quelles mains il est passé
lot-no-handover = Il n’a pas changé de mains.
lot-handovers-caption = Chaque remise est signée deux fois : par qui donne, et par qui prend et pèse.
handover-from = De
handover-to = À
handover-outcome = Issue
handover-given = Masse selon qui donne
handover-measured = Masse mesurée
handover-difference = Différence
handover-seals = Scellés trouvés
handover-earlier-page = proposé sur une page précédente
handover-no-answer = n’a rien signé à ce sujet
handover-signed = signé par
handover-accepted = repris
handover-declined = refusé
handover-withdrawn = offre retirée
handover-open = proposé
handover-expired = offre finie sans réponse
lot-origins-title = D’où vient son or
lot-origins-caption = Par site et par qui l’a déclaré, la plus grande part d’abord. Ce qui a été mélangé est réparti par masse.
lot-origins-left-out = { $n ->
    [one] { $number } plus petite part n’est pas montrée ici.
   *[other] { $number } plus petites parts ne sont pas montrées ici.
}
origin-share = Part
origin-organization = Organisation
origin-lots = Déclaré comme
origin-lots-count = { $n ->
    [one] { $number } lot
   *[other] { $number } lots
}
origin-permit-then = Permis alors
origin-permit-now = Permis maintenant
origin-permit-until = jusqu’au
origin-no-permit = aucun permis connu
lot-standings-title = Où en étaient et en sont ceux qui l’ont déclaré
lot-standings-caption = Situation au jour de la dernière déclaration d’or contenu dans ce lot, et au jour dont cette page est vraie.
stood-declared = Déclaré
stood-then = Situation alors
stood-now = Situation maintenant
stood-since = depuis le
stood-incidents = { $n ->
    [one] { $number } incident ouvert
   *[other] { $number } incidents ouverts
}
lot-behind-title = Ce qu’on sait de tout ce dont il a été fait
behind-sites = { $n ->
    [one] { $number } site
   *[other] { $number } sites
}
behind-organizations = { $n ->
    [one] { $number } organisation
   *[other] { $number } organisations
}
behind-no-flag = Rien n’y a été trouvé qui mérite un second regard.
behind-suspect = clé à ne pas croire
behind-suspect-revoked = dit dans
behind-suspect-spoke = elle a parlé en dernier de
behind-too-much = Ce dont il a été fait est trop pour une réponse : regardez des lots plus proches
lot-refused-title = Déclarations à son sujet qui ont été refusées
lot-refused-none = Aucune de celles du registre ne nomme ce lot. Ce qui est refusé à la remise n’entre pas au registre.
lot-refused-lead = Quelqu’un les a signées, elles sont entrées au registre, et les règles ne les ont pas laissées compter : une seconde vente de ce qui était déjà vendu, par exemple. Ce qui est refusé à la remise n’en fait pas partie.
lot-refused-unknown = Le registre ne répond pas maintenant.
lot-refused-behind = Le registre n’a pas encore les déclarations les plus récentes : rechargez cette page dans un instant.
lot-refused-count = { $n ->
    [one] { $number } déclaration à son sujet a été refusée
   *[other] { $number } déclarations à son sujet ont été refusées
}
lot-assays-title = Analyses
lot-assays-caption = Les plus récentes d’abord
assay-method = Méthode
assay-for = Pour quoi
assay-of = Ce qui a été analysé
assay-by = Par
assay-replaced = remplacée depuis
assay-of-lot = le lot lui-même
assay-of-sample = échantillon
lot-melt = Fonte
lot-seals-title = Scellés et échantillons
lineage-title = De quoi il a été fait et ce qu’il est devenu
lineage-lead = { $n ->
    [one] Jusqu’à { $number } étape de distance
   *[other] Jusqu’à { $number } étapes de distance
}
lineage-picture = Dessin : ce qui est entré est à gauche de ce qui est sorti
lineage-made-of = De quoi il a été fait
lineage-became = Ce qu’il est devenu
lineage-of = est sorti de :
lineage-into = est entré dans :
lineage-more = Il y a plus que ce qui est montré ici.
lineage-deeper = Montrer plus d’étapes
lineage-goes-on = continue : voyez ce lot
lineage-this-lot = ce lot
lineage-inputs = { $n ->
    [one] { $number } lot entré
   *[other] { $number } lots entrés
}
lineage-outputs = { $n ->
    [one] { $number } lot sorti
   *[other] { $number } lots sortis
}
lineage-lost = perdu :
lineage-above = détaillé plus haut
lot-path-title = Tout ce qui en a été dit
lot-path-lead = Dans l’ordre du registre, le plus ancien d’abord.
step-lot-declared = Déclaré
step-custody-offered = Proposé
step-custody-accepted = Repris et pesé
step-custody-declined = Refusé
step-offer-withdrawn = Offre retirée
step-title-transferred = Propriété transmise
step-lot-retired = Sorti du système
step-lot-lost = Perdu
step-lot-weighed = Pesé
step-lot-sampled = Échantillonné
step-lot-assayed = Analysé
step-lot-sealed = Scellé
step-seal-broken = Scellé brisé
step-lots-transformed = Fait d’autres lots
step-used-up = Devenu d’autres lots
step-lot-exported = Exporté
step-lot-received = Reçu par un affineur
step-lot-held = Bloqué
step-lot-released = Libéré
step-correction-proposed = Correction proposée
step-correction-confirmed = Correction confirmée
step-signed-for = signé en son nom par
step-seals = Scellés ou échantillons
step-number = Numéro
step-countries = Pays
step-witness = Qui d’autre a regardé
step-reason = Pourquoi
step-target = Au sujet de la déclaration
step-documents = Documents, par leurs empreintes
step-stated = Signé, dit-il
step-logged = Entré dans le registre
step-not-before = pas avant le
step-not-after = pas après le
step-not-known = inconnu
