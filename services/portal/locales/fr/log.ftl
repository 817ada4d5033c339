# A draft: no native speaker has read it yet.

log-title = Le registre
log-lead = Chaque déclaration entrée au registre, dans l’ordre. Rien ne peut y être changé ni retiré sans que cela se voie. Ce qui est refusé à la remise n’y entre pas ; ce qui y est entré autrement et enfreint les règles figure ici comme refusé.
log-read-only = Rien de nouveau n’est signé pour l’instant. Ce qui a été publié demeure.
log-checkpoint = Point de contrôle actuel
log-checkpoint-then = Le premier point de contrôle qui le couvre
log-no-checkpoint = Aucun point de contrôle n’est encore publié.
log-origin = Nom du registre
log-size = Entrées
log-root = Racine
log-as-of = Assez de témoins avaient signé le
log-vkey = Clé du registre
log-vkey-why = Ne vous fiez à cette clé que si elle vous est aussi parvenue autrement : par lettre, d’un partenaire, imprimée.
log-raw = Le point de contrôle tel qu’il est signé
log-all-checkpoints = Tous les points de contrôle publiés
log-policy = La politique de l’opérateur : sa clé et ses témoins
log-witnesses = Témoins
log-witnesses-why = D’autres devraient les tenir, et cette page ne peut pas savoir si c’est le cas : voyez qui est chacun. Chacun ne signe le registre que s’il a grandi et que rien n’y a changé ; celui qui audite décide en plus à nouveau chaque déclaration.
log-no-witnesses = Personne d’autre que le registre n’a signé ce point de contrôle.
log-witness-name = Témoin
log-witness-does = Ce qu’il vérifie
log-witness-state = Signature
log-witness-when = Quand
log-witness-audits = décide à nouveau chaque déclaration
log-witness-grows = que le registre ne fait que grandir
log-witness-unknown = absent de la politique de l’opérateur
log-state-cosigned = a signé
log-state-missing = n’a pas signé
log-state-broken = signature non valable
log-state-unknown = non vérifiée ici
log-entries = Entrées les plus récentes
log-entries-caption = Les plus récentes d’abord ; le numéro mène à ce qui a été signé.
log-no-entries = Il n’y a rien ici.
log-entry = Numéro
log-entry-what = Ce qui a été dit
log-entry-who = Qui
log-entry-when = Admise
log-entry-verdict = Verdict
log-entry-nothing = la déclaration de personne
log-admitted = admise
log-refused = refusée
log-replay = Vérifiez tout vous-même
log-replay-why = Cette commande lit tout le registre, décide à nouveau chaque déclaration et compare la fin à ce qui a été signé.
log-replay-policy = La politique dit à quel registre et à quels témoins vous vous fiez. Un lecteur prudent écrit la sienne.
entry-title = Entrée #{ $position }
entry-numbers = Le numéro { $position } compte à partir de 1 : c’est celui des pages, des recherches et des citations. L’indice { $index } compte à partir de 0 : c’est celui de l’adresse de cette page, des tuiles et des preuves.
entry-refused = par la règle { $number }
entry-refused-why = Cela n’a rien changé. Cela reste au registre pour que chacun voie que c’était tenté.
entry-who = Qui a signé, et quand
entry-by = Au nom de
entry-stated = Dit le, selon l’horloge du signataire
entry-admitted = Admise le
entry-key = Clé de signature
entry-number = Numéro parmi les déclarations de cette clé
entry-id = Identifiant de la déclaration
entry-checked = La signature a été vérifiée en faisant cette page, sur exactement les octets ci-dessous.
entry-nothing = Aucune signature ne vaut pour ce qui est ici. Seuls ses octets peuvent être montrés.
entry-when = Quand c’est arrivé
entry-after = C’est arrivé après le
entry-after-unknown = Aucun point de contrôle antérieur ne dit après quand c’est arrivé.
entry-before = C’est arrivé avant le
entry-before-unknown = Aucun point de contrôle ne dit avant quand c’est arrivé.
entry-when-why = D’après les horloges des témoins, pas celle du signataire ni de celui qui tient ceci.
entry-proof = Preuve que c’est au registre
entry-proof-holds = valable
entry-proof-fails = non valable
entry-proof-why = Ces empreintes mènent de cette entrée à la racine que le registre a signée. Emportez le fichier pour le vérifier ailleurs.
entry-proof-file = Preuve en fichier (tlog-proof)
entry-index = Indice de l’entrée #{ $position }, à partir de 0
entry-tree-size = Taille de l’arbre
entry-leaf-hash = Empreinte de cette feuille
entry-prev = Empreinte de la feuille précédente
entry-map-root = Racine de la carte après elle
entry-hashes = { $n ->
    [one] { $number } empreinte
   *[other] { $number } empreintes
    }
entry-raw = { $n ->
    [one] { $number } octet brut
   *[other] { $number } octets bruts, en hexadécimal
    }
entry-previous = Entrée précédente
entry-next = Entrée suivante
checkpoints-title = Points de contrôle publiés
checkpoints-lead = Chacun est un état signé du registre. Comparez-en un avec ce que vous avez gardé, ou avec ce qu’un autre a vu.
checkpoints-size = { $n ->
    [one] { $number } entrée
   *[other] { $number } entrées
    }
checkpoints-first = Signé par assez de témoins le
checkpoints-last = pour la dernière fois le
checkpoints-not-cosigned = Non signé par assez de témoins de la politique de l’opérateur
checkpoints-note = Tel qu’il a d’abord été publié
checkpoints-freshest = Tel qu’il a été signé en dernier
ago-now = il y a moins d’une minute
ago-minutes = { $n ->
    [one] il y a { $number } minute
   *[other] il y a { $number } minutes
    }
ago-hours = { $n ->
    [one] il y a { $number } heure
   *[other] il y a { $number } heures
    }
ago-days = { $n ->
    [one] il y a { $number } jour
   *[other] il y a { $number } jours
    }
