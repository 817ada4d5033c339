# A draft: no native speaker has read it yet.

search-title = Recherche
search-for = Recherché :
search-empty = Rien n’a été saisi.
search-what = On peut chercher :
search-mistyped-lot = Cela ressemble au numéro d’un lot, mais un caractère est faux : le dernier vérifie les autres. Comparez avec l’étiquette.
search-mistyped-organization = Cela ressemble au numéro d’une organisation, mais un caractère est faux : le dernier vérifie les autres.
search-mistyped-site = Cela ressemble au numéro d’un site, mais un caractère est faux : le dernier vérifie les autres.
search-statement = Cela a la forme d’un identifiant de déclaration, et le registre n’a pas une telle déclaration.
search-log = Vers le registre
search-record = L’entrée de ce numéro dans le registre :
search-by-seal = Lots avec ce scellé, cette étiquette ou cet échantillon
search-by-melt = Lots d’une fonte de ce numéro
search-by-bar = Barres de ce numéro
search-by-certificate = Lots sous ce certificat d’exportation
search-organizations-called = Organisations dont le nom contient cela
search-sites-called = Sites dont le nom contient cela
search-all = Tous
search-nothing = Rien ne porte ce numéro ou ce nom.
search-organizations = Organisations
search-lots = Lots
