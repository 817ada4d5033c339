# A draft: no native speaker has read it yet.

site-title = Veta : d’où vient l’or, et qui le dit
skip-to-content = Aller au contenu
nav-label = Principale
nav-organizations = Organisations
nav-lots = Lots
nav-log = Registre
nav-verify = Vérifier
nav-submit = Envoyer
nav-help = Aide
nav-sign-in = Se connecter
search-label = Rechercher
search-button = Rechercher
language-label = Langue
as-of-label = Tout montrer à la date du
as-of-button = Montrer
as-of-past = Tel qu’on le savait au { $at }, pas tel qu’aujourd’hui.
as-of-not-here = Cette page parle du présent. Les autres montrent ce qu’on savait au { $at }.
as-of-present = Montrer le présent
footer-claim = Ce qui est montré ici a été déclaré et signé par les personnes nommées, et sa cohérence a été contrôlée. Cela ne prouve pas une origine.
entry-in-log = Cette entrée dans le registre
invented = inventé pour une démonstration
percent = { $number } %
no-data = pas de données
true-of = Vrai pour tout jusqu’à
pager-label = Pages
pager-first = Première page
pager-next = Page suivante
trouble-status = Statut { $status }
trouble-not-found-title = Rien ici
trouble-not-found = Cela n’existe pas, ou pas encore à la date demandée. Vérifiez l’adresse, ou cherchez.
trouble-asked-title = Cela ne peut pas être compris
trouble-asked = Quelque chose dans l’adresse ou le formulaire n’a pas de sens. Revenez en arrière et corrigez.
trouble-unmeant = Ceci ne se comprend pas :
takes-time = Un jour s’écrit 2026-01-31, un instant 2026-01-31T12:00:00Z ; le numéro d’une entrée du registre convient aussi.
takes-offered = Seul ce que le formulaire propose a un sens ici.
takes-number = Écrivez un nombre entier qui puisse se trouver ici, comme une année en quatre chiffres.
takes-place = Ceci vient d’un lien vers la page suivante d’une liste : commencez par la première page.
takes-party = Écrivez le numéro d’une organisation, org-…, ou assez de son nom pour qu’elle soit la seule.
takes-site = Écrivez le numéro d’un site, site-…, ou assez de son nom pour qu’il soit le seul.
takes-register = Écrivez le numéro tel qu’il est sur le papier ou la barre, 64 lettres au plus. Un registre s’écrit en minuscules, comme ceec, et peut être omis.
fault-several = Plusieurs portent cela dans leur nom. Lequel ?
fault-more = Il y en a d’autres ; écrivez-en davantage.
fault-none = Aucun ne s’appelle ainsi.
fault-title = Quelque chose dans le formulaire n’est pas clair ; c’est marqué ci-dessous.
trouble-other-site-title = Envoyé depuis un autre site
trouble-other-site = Ceci a été envoyé depuis une page qui n’est pas la nôtre ; rien n’a été fait. Ouvrez le formulaire ici et renvoyez-le.
trouble-too-long-title = Trop long
trouble-too-long = { $n ->
    [one] Ce que vous avez envoyé est plus long que ce qui est accepté ici : { $number } octet au plus. Envoyez quelque chose de plus court.
   *[other] Ce que vous avez envoyé est plus long que ce qui est accepté ici : { $number } octets au plus. Envoyez quelque chose de plus court.
}
trouble-too-fast-title = Trop vite
trouble-too-fast = { $n ->
    [one] Vous, ou d’autres à la même adresse, demandez plus que ce à quoi il est répondu à la fois. Rien n’est perdu. Attendez { $number } seconde et rechargez cette page.
   *[other] Vous, ou d’autres à la même adresse, demandez plus que ce à quoi il est répondu à la fois. Rien n’est perdu. Attendez { $number } secondes et rechargez cette page.
}
trouble-unread-title = Illisible
trouble-unread = Ce qui a été envoyé ne peut pas être lu ici ; rien n’a été fait. Rouvrez la page d’où cela a été envoyé et renvoyez-le de là.
trouble-too-much-title = Trop pour une page
trouble-too-much = C’est plus qu’une page ne peut montrer. Demandez quelque chose de plus proche ou de plus précis.
trouble-away-title = Pas disponible pour le moment
trouble-away = Une partie du système est absente ou en retard. Rien n’est perdu. Réessayez dans quelques secondes.
trouble-wrong-title = Quelque chose ne va pas ici
trouble-wrong = C’est notre faute, pas la vôtre, et c’est noté. Réessayez plus tard.
