# A draft: no native speaker has read it yet.

scan-title = Scanner une étiquette
scan-lead = Tenez l’appareil sur le code d’une étiquette, ou choisissez-en une photo. Il est lu sur cet appareil ; la photo n’est envoyée nulle part.
scan-photo = Photos de codes, prises maintenant ou avant
scan-camera = Utiliser la caméra
scan-seen = Ce que voit la caméra
scan-nothing = Aucun code n’a été trouvé dans l’image. Prenez-la de plus près, de face et en bonne lumière.
scan-no-picture = Ce fichier n’est pas une image que votre navigateur peut lire.
scan-no-camera = Le navigateur ne donne aucune caméra. Choisissez plutôt une photo.
scan-elsewhere = Les codes ne sont pas lus ici. Scannez l’étiquette avec la caméra de votre téléphone, qui ouvre la page du lot, ou tapez le numéro sous le code dans la recherche.
scan-elsewhere-number = Les codes ne sont pas lus ici. Tapez le numéro sous le code dans la recherche.
