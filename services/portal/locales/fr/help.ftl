# A draft: no native speaker has read it yet.

help-title = Ce que c’est, en mots simples
help-lead = Pour tous ceux qui achètent, extraient, transportent ou contrôlent de l’or.
help-what-title = Ce qui est enregistré
help-what = Quiconque extrait, remet, fond, essaie ou achète de l’or le dit dans une déclaration signée. Les déclarations sont gardées dans un seul ordre et jamais modifiées. Une erreur est corrigée par une autre déclaration ; les deux restent.
help-who-title = Qui le dit
help-who = À côté de chaque fait figure qui l’a signé et quand. Ce qu’une organisation dit d’elle-même est signalé comme tel ; de même ce que quelqu’un d’autre a contrôlé.
help-standing-title = Situation d’une organisation
help-standing = D’abord viennent des portes : identité et légitimité, puis ce qui ne doit jamais arriver, puis ce qui doit être atténué en six mois. Derrière seulement viennent les niveaux de progrès. Une réponse jamais demandée est une absence de données, jamais une réussite.
help-lot-title = Ce qu’est un lot
help-lot = Une quantité d’or que quelqu’un détient. Elle ne change de mains que si l’un l’offre et l’autre l’accepte, avec sa propre masse mesurée. Quand des lots sont fondus ensemble ou coupés, les nouveaux gardent la mémoire de ce dont ils sont faits.
help-verdict-title = Puis-je acheter ce lot ?
help-verdict = Vous choisissez les règles : votre propre politique. La réponse est admissible, non admissible, ou à voir par une personne, avec chaque raison et la déclaration sur laquelle elle repose. Ce qu’on ne sait pas n’est jamais tenu pour bon.
help-proof-title = Ce que montre un fichier de preuve
help-proof = Chaque déclaration sur le lot, qu’aucune n’a été omise, et que des témoins ont vu le registre qui les contient. Votre appareil le contrôle avec deux programmes qui ne partagent aucun code, et sans réseau.
help-witness-title = Ce que font les témoins
help-witness = D’autres devraient les tenir : voyez qui est chacun. Un témoin ne signe l’état du registre que si celui-ci a grandi et que rien n’y a été changé. Un témoin qui audite rejuge d’abord chaque déclaration. Tant que ceux qui signent ne sont pas tous de mèche, personne ne peut vous montrer un autre passé.
help-files-title = Les fichiers, et qui peut les voir
help-files = Les déclarations nomment photos et documents par leur empreinte. Les fichiers sont gardés à côté du registre, pour ceux que leur propriétaire désigne : tout le monde, les acheteurs, les évaluateurs, ou l’organisation seule. Qui a la clé de l’organisation se connecte avec elle ; il n’y a pas de mot de passe. Chaque regard sur un fichier qui n’est pas public est noté, et son propriétaire peut le lire.
help-trust-title = À quoi il faut se fier
help-trust = À ceux qui ont signé, pour ce qu’ils disent. Aux témoins que vous choisissez, pour n’avoir vu aucune autre histoire. Pas à cette page, ni à notre base de données : votre appareil et les programmes de n’importe qui les contrôlent.
help-not-title = Ce qu’aucun registre ne peut montrer
help-not = Si ceux qui signent disent la vérité. Si tout le monde à la mine s’accorde sur un mensonge, le registre garde le mensonge, signé et daté. C’est pourquoi les évaluations, visites et essais faits par d’autres comptent davantage.
help-invented-title = Quantités inventées
help-invented = Dans une démonstration, les quantités des lots sont inventées et signalées partout où elles sont montrées. Les traductions autres que l’anglais n’ont pas encore été relues par des locuteurs natifs.
