# A draft: no native speaker has read it yet.

home-heading = D’où vient cet or, et qui le dit ?
home-lead = Cherchez un lot, une barre ou une organisation minière ; voyez chaque signature derrière ; emportez une preuve qui ne dépend de la parole de personne.
home-search-label = Cherchez n’importe quoi
home-search-hint = Le numéro d’un lot, d’une organisation, d’un site, d’un scellé, d’un certificat, d’une barre, d’une déclaration ou d’une entrée du registre ; ou des mots d’un nom, dans n’importe quel ordre.
home-door-lots = Lots
home-door-lots-why = Qui les a, où ils ont été extraits, par quelles mains ils sont passés, et si vous pouvez les acheter.
home-door-organizations = Organisations
home-door-organizations-why = Où en sont les organisations minières, qui le dit, et quelle est la suite.
home-door-verify = Vérifier une preuve
home-door-verify-why = Sur votre propre appareil, même sans réseau.
home-door-log = Le registre
home-door-log-why = Chaque déclaration qui y est entrée, dans l’ordre, sous les signatures de témoins.
home-door-submit = Déclarer et remettre
home-door-submit-why = Pour les organisations : signé sur votre appareil, envoyé quand il y a du réseau.
