# A draft: no native speaker has read it yet.

label-title = Étiquette du lot
label-lead = Imprimez cette page et attachez l’étiquette au lot. Elle ne porte le nom de personne.
label-back = Retour au lot
label-code = Un code qui dit { $code }
label-says = Le code dit
