# A draft: no native speaker has read it yet.

scan-title = Escanear uma etiqueta
scan-lead = Aponte a câmera para o código de uma etiqueta ou escolha uma foto dele. Ele é lido neste dispositivo; a foto não é enviada a lugar nenhum.
scan-photo = Fotos de códigos, tiradas agora ou antes
scan-camera = Usar a câmera
scan-seen = O que a câmera vê
scan-nothing = Nenhum código foi encontrado na imagem. Tire-a mais de perto, de frente e com boa luz.
scan-no-picture = Este arquivo não é uma imagem que o seu navegador possa ler.
scan-no-camera = O navegador não dá nenhuma câmera. Escolha uma foto.
scan-elsewhere = Aqui não se leem códigos. Escaneie a etiqueta com a câmera do seu telefone, que abre a página do lote, ou digite o número que está sob o código na busca.
scan-elsewhere-number = Aqui não se leem códigos. Digite o número que está sob o código na busca.
