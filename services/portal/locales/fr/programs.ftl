# La page de ce que les programmes peuvent demander. Brouillon : aucun locuteur natif ne l’a encore lu.

programs-title = Pour les programmes
programs-lead = Tout ce que montrent ces pages peut aussi être demandé par des programmes, en JSON et sans clé. Les preuves y sont aussi, pour que personne n’ait à croire les réponses.
programs-description = Chaque opération, ce qu’elle reçoit et ce qu’elle répond sont décrits en OpenAPI 3.1 :
programs-operations = Ce que l’on peut demander
programs-method = Méthode
programs-address = Adresse
programs-what = Ce qu’elle répond, en anglais
programs-link = Pour qui écrit des programmes : ce que l’on peut demander
