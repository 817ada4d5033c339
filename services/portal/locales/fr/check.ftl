# A draft: no native speaker has read it yet.

check-dossier = Dossier d’un lot
check-faults = { $n ->
    [one] Il y a { $number } faute dans cette politique
   *[other] Il y a { $number } fautes dans cette politique
}
check-line = Ligne { $line } :
check-by-policy = Selon la politique
check-no-policy = Choisissez une politique pour avoir une réponse
check-no-policy-lead = Aucune politique n’est encore choisie. Sous le choix se trouve ce qui compte avec n’importe laquelle.
check-reasons = Motifs
check-no-reason = Rien ne s’y oppose.
check-share = { $share } de l’or
check-rests-on-nothing = ne repose sur aucune déclaration : personne n’a rien dit
check-rests-on = repose sur
check-reasons-left-out = { $n ->
    [one] { $number } autre motif est dans le fichier.
   *[other] { $number } autres motifs sont dans le fichier.
}
check-checked = Vérifié, et c’est respecté
check-checked-nothing = Rien.
check-origins-caption = Par site et par déclarant, la plus grande part d’abord.
check-permit = Permis à chaque déclaration
check-permit-in-force = en vigueur
check-permit-not-in-force = pas en vigueur
check-permit-none-recorded = aucun n’est enregistré
check-permit-not-known = inconnu
check-left-out = { $n ->
    [one] { $number } autre fait n’a pas été regardé
   *[other] { $number } autres faits n’ont pas été regardés
}
check-documents = Documents nommés
check-documents-lead = Une déclaration nomme chacun d’eux. Ce qu’ils disent n’a pas été lu.
check-policy = La politique
check-policy-digest = SHA-256 de son texte :
check-policy-text = Son texte
check-checkpoint = Le registre
check-checkpoint-lead = Le dernier état du registre qui a été signé. Un appareil le vérifie avec la preuve.
check-checkpoint-behind = Il ne contient pas encore tout ce sur quoi repose cette réponse.
check-checkpoint-size = { $n ->
    [one] Point de contrôle de { $number } entrée
   *[other] Point de contrôle de { $number } entrées
}
check-checkpoint-away = Le registre ne répond pas en ce moment, il n’y a donc pas de point de contrôle ici. La réponse n’en dépend pas.
check-caveat = Ce sur quoi ceci repose a été déclaré, signé et sa cohérence vérifiée. Cela ne prouve aucune origine, et ce n’est pas un conseil.
check-take = À emporter
check-bundle-times = La télécharger avec les temps de chaque déclaration
check-dossier-print = Dossier à imprimer
check-dossier-json = Dossier sous forme de fichier
check-choose = Selon quelle politique ?
check-change = Changer de politique
check-choose-lead = Une politique dit ce qu’un acheteur demande. Aucune de celles-ci n’est la norme de quiconque, et en respecter une n’est pas un certificat.
check-shipped = Une de celles que propose cette page
check-button = Répondre
check-own = Votre propre politique
check-own-lead = Elle est envoyée ici pour juger, et n’est pas gardée. Pour qu’elle ne quitte pas votre machine, utilisez le programme veta.
check-own-file = Sous forme de fichier
check-own-text = Ou sous forme de texte
outcome-eligible = Peut être acheté
outcome-needs-a-person = Une personne doit décider
outcome-not-eligible = Ne peut pas être acheté
severity-of-reason-not-eligible = l’empêche
severity-of-reason-needs-a-person = une personne doit décider
severity-of-reason-noted = noté
policy-progressive = Progressive
policy-progressive-why = reste avec les mineurs qui s’améliorent ; ce qui est en retard, mis en doute ou seulement leur propre parole va à une personne.
policy-legal-title = Titre légal
policy-legal-title-why = un titre ou un permis à la mine, et rien qui oblige à cesser aussitôt le commerce ; sur la parole de n’importe qui, sauf de l’organisation elle-même.
policy-strict = Stricte
policy-strict-why = titre légal, tout ce qui est demandé vu par un évaluateur indépendant depuis moins d’un an, rien d’ouvert, rien de signalé. La plupart de l’or artisanal n’y passe pas.
judged-lot-state = État du lot
judged-holds = Retenues
judged-suspects = Clés qui ont signé
judged-origins = Qui a contribué
judged-illustrative = Quantités
judged-standing-then = Où en étaient les organisations quand elles ont déclaré
judged-standing-now = Où en sont les organisations
judged-modules = Modules
judged-assurance = Sur la parole de qui
judged-age = Âge des réponses
judged-contested = Ce que d’autres disent des réponses
judged-scenarios = Légitimité
judged-permit = Permis à la mine
judged-countries = Pays
judged-incidents = Incidents
judged-plans = Plans
judged-flags = Ce qui mérite un second regard
judged-custody-model = Ce qui est promis sur le mélange
judged-documents = Documents
checked-lot-state = Le lot existe encore
checked-holds = Personne ne retient le lot ni ce dont il a été fait
checked-suspects = D’aucune clé qui a signé il n’est dit qu’elle était en d’autres mains
checked-origins = On sait qui a contribué
checked-illustrative = Rien ne dit que ses quantités sont inventées
checked-standing-then = Quand elles ont déclaré, les organisations en étaient où la politique le demande
checked-standing-now = Les organisations en sont où la politique le demande
checked-modules = Les modules que la politique demande sont respectés
checked-assurance = Les réponses reposent sur la parole que la politique demande, ou sur une meilleure
checked-age = Aucune réponse n’est plus ancienne que la politique ne le permet
checked-contested = Aucune réponse n’est contestée
checked-scenarios = Sur chaque site s’applique un cas de légitimité que la politique accepte
checked-permit = Dans chaque mine, un permis était en vigueur à chaque déclaration
checked-countries = Chaque site est dans un pays que la politique accepte
checked-incidents = Aucun incident ouvert parmi ceux que la politique demande
checked-plans = Aucun plan n’est en retard
checked-flags = Rien ne mérite un second regard
checked-custody-model = Sur le mélange, il est promis au moins ce que la politique demande
checked-documents = Chaque document que la politique demande est nommé
document-delivery-slip = bon de livraison
document-transfer-document = document de la remise
document-invoice = facture
document-weight-record = procès-verbal de pesée
document-assay-report = rapport d’essai
document-seal-photo = photo du scellé
document-melt-sheet = feuille de fonte
document-export-certificate = certificat d’exportation
document-receiving-report = rapport de réception
reason-on-offer = Le lot est offert à { $to }.
reason-consumed = D’autres lots ont été faits de celui-ci : il ne peut pas être acheté.
reason-retired = Le lot a quitté le système : il ne peut pas être acheté.
reason-lost = Le lot est perdu : il ne peut pas être acheté.
reason-held = Le lot est retenu : { $reason }
reason-held-before = Un lot dont il est fait est retenu : { $reason }
reason-key-in-other-hands = La clé qui a signé une déclaration à son sujet était alors, dit-on, en d’autres mains.
reason-origin-unknown = Rien ne dit où le lot a été extrait.
reason-origin-of-part-unknown = Rien ne dit où { $part } de son or ont été extraits.
reason-not-gathered = { $count ->
    [one] { $count } autre fait sur le lot n’a pas été regardé.
   *[other] { $count } autres faits sur le lot n’ont pas été regardés.
}
reason-invented = Les quantités du lot sont inventées : cet or n’existe pas forcément.
reason-flagged = { $count ->
    [0] Mérite un second regard : { $flag }.
    [1] Mérite un second regard : { $flag }.
   *[other] Mérite un second regard, { $count } fois : { $flag }.
}
reason-custody-model-too-weak = Sur le mélange, il est promis : { $found }. Il est demandé au moins : { $least }.
reason-document-missing = Aucune déclaration ne nomme un document de ce genre : { $document }.
reason-standing-then-unknown = On ne sait pas où en était { $organization } au moment de déclarer.
reason-standing-now-unknown = On ne sait pas où en est { $organization }.
reason-standing-not-accepted = Au { $day }, d’après ce qui est enregistré, { $organization } en était là : { $found }. Accepté : { $accepted }.
reason-scheme-decided = Au { $day }, la dernière décision du dispositif sur { $organization } était : { $found }.
reason-permit-not-in-force = Le permis qui couvre { $site } n’était pas en vigueur à chaque déclaration.
reason-permit-not-recorded = Aucun permis qui couvre { $site } n’est enregistré.
reason-permit-unknown = On ne sait pas si un permis couvre { $site }.
reason-country-unknown = On ne sait pas dans quel pays se trouve { $site }.
reason-country-denied = { $site } se trouve dans ce pays, que la politique refuse : { $country }.
reason-country-not-allowed = { $site } se trouve dans ce pays : { $country }. Admis : { $allowed }.
reason-module-unknown = On ne sait pas où en est { $organization } dans le module { $module }.
reason-module-not-asked = Rien n’a été demandé sur { $organization } dans le module { $module }.
reason-module-not-answered = { $count ->
    [one] Du module { $module }, { $count } question sur { $organization } est restée sans réponse.
   *[other] Du module { $module }, { $count } questions sur { $organization } sont restées sans réponse.
}
reason-module-silent = Personne n’a rien dit sur { $organization } dans le module { $module }.
reason-module-not-met = { $organization } ne respecte pas le module { $module } : { $criteria }
reason-assurance-too-weak = Du module { $module }, ce qui est dit de { $criterion } de { $organization } l’est sur cette parole : { $found }. Il est demandé au moins : { $least }.
reason-answer-too-old = { $days ->
    [one] Du module { $module }, ce qui est dit de { $criterion } de { $organization } date du { $day }. Accepté : { $days } jour.
   *[other] Du module { $module }, ce qui est dit de { $criterion } de { $organization } date du { $day }. Accepté : { $days } jours.
}
reason-answers-contested = { $count ->
    [one] D’autres disent que { $count } réponse sur { $organization } n’est pas vraie.
   *[other] D’autres disent que { $count } réponses sur { $organization } ne sont pas vraies.
}
reason-scenario-unknown = On ne sait pas quel cas de légitimité vaut pour { $site }, que travaille { $organization }.
reason-scenario-not-accepted = Pour { $site }, que travaille { $organization }, vaut : { $found }. Accepté : { $accepted }.
reason-incident-open = Un incident sur { $organization } est ouvert : { $category }, { $confidence }, { $severity }.
reason-incidents-not-gathered = { $count ->
    [one] { $count } autre incident sur { $organization } est ouvert, et n’a pas été regardé.
   *[other] { $count } autres incidents sur { $organization } sont ouverts, et n’ont pas été regardés.
}
reason-plans-overdue = { $count ->
    [one] { $count } plan de { $organization } est en retard au { $day }.
   *[other] { $count } plans de { $organization } sont en retard au { $day }.
}
policy-fault-too-long = La politique dépasse { $bytes } octets : enlevez ce qui n’est pas nécessaire.
policy-fault-malformed = Ceci n’a pas la forme d’une politique. Le programme qui l’a lue dit, en anglais :
policy-fault-version = La version { $found } des politiques n’est pas connue ici : écrivez version = { $known }.
policy-fault-nameless = name est vide : écrivez comment s’appelle cette politique.
policy-fault-word = { $field } contient { $found }, qui ne veut rien dire. Cela peut être : { $known }.
policy-fault-empty = { $field } ne nomme rien : nommez-en au moins un, ou enlevez-le.
policy-fault-repeated = { $field } contient deux fois { $found } : écrivez-le une fois.
policy-fault-slug = { $field } contient { $found }, qui n’est pas un nom : écrivez des minuscules, des chiffres, des points, des tirets ou des tirets bas.
policy-fault-country = { $field } contient { $found }, qui n’est pas un pays : écrivez ses deux majuscules, comme CD.
policy-fault-country-twice = countries admet et refuse { $found } : faites l’un des deux.
policy-fault-module = modules.met contient { $found }, que personne ne peut respecter : écrivez 1, 2, 3 ou 4.
policy-fault-without-modules = { $field } porte sur des modules, mais lesquels ? Écrivez modules avec met, ou enlevez-le.
policy-fault-flag-twice = flags contient { $found } dans deux listes : laissez-le dans une seule.
policy-fault-share = ignore_below_ppm est { $found }, et le lot entier est 1000000 : écrivez moins, comme 10000 pour un centième.
policy-fault-asks-nothing = { $field } ne demande rien : écrivez ce qu’il doit demander, ou enlevez-le.
