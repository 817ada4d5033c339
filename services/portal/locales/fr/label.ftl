# A draft: no native speaker has read it yet.

label-title = Étiquette du lot
label-lead = Imprimez cette page et attachez l’étiquette au lot. Elle ne porte le nom de personne.
label-back = Retour au lot
label-code = Un code qui dit { $code }
label-says = Le code dit
label-opens = Avec lui, l’appareil photo d’un téléphone ouvre la page du lot.
label-opens-nothing = Le portail ne connaît pas son adresse publique ; le code ne contient donc que le numéro du lot, et l’appareil photo d’un téléphone n’ouvre aucune page avec lui. Il se lit sur la page indiquée ci-après, et le numéro peut être tapé dans la recherche.
