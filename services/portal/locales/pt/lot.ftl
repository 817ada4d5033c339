# A draft: no native speaker has read it yet.

lot-handovers-signed = { $n ->
    [one] { $number } entrega assinada por ambas as partes
   *[other] { $number } entregas assinadas por ambas as partes
}
lot-no-hold = Nenhuma retenção o atinge
lot-holds-count = { $n ->
    [one] { $number } retenção detém-no
   *[other] { $number } retenções detêm-no
}
lot-no-flag = Nada se achou nele que mereça um segundo olhar
lot-flags-count = { $n ->
    [one] { $number } coisa merece um segundo olhar
   *[other] { $number } coisas merecem um segundo olhar
}
lot-flags-behind-count = { $n ->
    [one] { $number } tipo de coisa merece um segundo olhar naquilo de que foi feito
   *[other] { $number } tipos de coisas merecem um segundo olhar naquilo de que foi feito
}
lot-suspects-count = { $n ->
    [one] { $number } chave que falou dele não é de crer
   *[other] { $number } chaves que falaram dele não são de crer
}
lot-check = Posso comprar este lote?
lot-bundle = Baixar a prova
lot-bundle-present = do presente
lot-verify = Verificá-lo no seu dispositivo
lot-label = Etiqueta para imprimir
lot-facts-title = O que é e quem o tem
lot-bar = Gravado nela
lot-bar-brand = marca
lot-bar-serial = número
lot-declared-gross = no início
lot-gold-max = no máximo
lot-fineness-unknown = ninguém disse que teor tem
lot-fineness = Teor
lot-silver = Prata
lot-fineness-claim = uma afirmação, não um ensaio
lot-fineness-assay = um ensaio
lot-made-by = Feito por
lot-declared-by = Declarado por
lot-owner = De quem é
lot-offered-to = Oferecido a
lot-offer-until = até
lot-with-title = a propriedade passa com ele
lot-was-offered-to = Foi oferecido, em vão, a
lot-exported-from = Exportado de
lot-in-books-of = Nos livros de
lot-mixing = Sobre a mistura promete-se
lot-latest = Última declaração sobre ele
lot-holds-title = Retido
lot-held-through = Atinge-o através de
lot-incident = Incidente
lot-more-than-shown = Há mais do que se mostra.
lot-flags-title = O que merece um segundo olhar
lot-flags-lead = As regras admitiram-no ainda assim. Nada se segue disso por si só; pergunte a quem assinou.
lot-flag-other = ver também
lot-flag-umpire = o ensaio do árbitro:
lot-flag-figures = { $found }, onde o limite é { $line }
lot-days = { $n ->
    [one] { $number } dia
   *[other] { $number } dias
}
lot-times = { $n ->
    [one] { $number } vez
   *[other] { $number } vezes
}
lot-handovers-title = Por que mãos passou
lot-no-handover = Não mudou de mãos.
lot-handovers-caption = Cada entrega é assinada duas vezes: por quem dá, e por quem recebe e pesa.
handover-from = De
handover-to = Para
handover-outcome = Resultado
handover-given = Massa segundo quem dá
handover-measured = Massa medida
handover-difference = Diferença
handover-seals = Lacres encontrados
handover-earlier-page = oferecido numa página anterior
handover-no-answer = nada assinou a esse respeito
handover-signed = assinado por
handover-accepted = recebido
handover-declined = recusado
handover-withdrawn = oferta retirada
handover-open = oferecido
handover-expired = oferta terminada sem resposta
lot-origins-title = De onde vem o seu ouro
lot-origins-caption = Por local e por quem o declarou, a maior parte primeiro. O que foi misturado reparte-se por massa.
lot-origins-left-out = { $n ->
    [one] { $number } parte menor não é mostrada aqui.
   *[other] { $number } partes menores não são mostradas aqui.
}
origin-share = Parte
origin-organization = Organização
origin-lots = Declarado como
origin-lots-count = { $n ->
    [one] { $number } lote
   *[other] { $number } lotes
}
origin-permit-then = Licença então
origin-permit-now = Licença agora
origin-permit-until = até
origin-no-permit = sem licença conhecida
lot-standings-title = Como estavam e estão os que o declararam
lot-standings-caption = Situação no dia da última declaração de ouro que está neste lote, e no dia a que esta página se refere.
stood-declared = Declarado
stood-then = Situação então
stood-now = Situação agora
stood-since = desde
stood-incidents = { $n ->
    [one] { $number } incidente aberto
   *[other] { $number } incidentes abertos
}
lot-behind-title = O que se sabe de tudo aquilo de que foi feito
behind-sites = { $n ->
    [one] { $number } local
   *[other] { $number } locais
}
behind-organizations = { $n ->
    [one] { $number } organização
   *[other] { $number } organizações
}
behind-no-flag = Nada se achou nisso que mereça um segundo olhar.
behind-suspect = chave que não é de crer
behind-suspect-revoked = dito em
behind-suspect-spoke = falou por último de
behind-too-much = Aquilo de que foi feito é demasiado para uma resposta: veja lotes mais próximos
lot-refused-title = Declarações sobre ele que foram recusadas
lot-refused-none = Nenhuma que esteja no registro nomeia este lote. O que é recusado na entrega não entra no registro.
lot-refused-lead = Alguém as assinou, entraram no registro, e as regras não deixaram que contassem: uma segunda venda do que já estava vendido, por exemplo. O que é recusado na entrega não está entre elas.
lot-refused-unknown = O registro não responde agora.
lot-refused-behind = O registro ainda não tem as declarações mais recentes: recarregue esta página daqui a pouco.
lot-refused-count = { $n ->
    [one] { $number } declaração sobre ele foi recusada
   *[other] { $number } declarações sobre ele foram recusadas
}
lot-assays-title = Ensaios
lot-assays-caption = Os mais recentes primeiro
assay-method = Método
assay-for = Para quê
assay-of = O que foi ensaiado
assay-by = Por
assay-replaced = substituído desde então
assay-of-lot = o próprio lote
assay-of-sample = amostra
lot-melt = Fusão
lot-seals-title = Lacres e amostras
lineage-title = De que foi feito e em que se tornou
lineage-lead = { $n ->
    [one] Até { $number } passo de distância
   *[other] Até { $number } passos de distância
}
lineage-picture = Desenho: o que entrou está à esquerda do que saiu
lineage-made-of = De que foi feito
lineage-became = Em que se tornou
lineage-of = saiu de:
lineage-into = entrou em:
lineage-more = Há mais do que se mostra aqui.
lineage-deeper = Mostrar mais passos
lineage-goes-on = continua: veja este lote
lineage-this-lot = este lote
lineage-inputs = { $n ->
    [one] entrou { $number } lote
   *[other] entraram { $number } lotes
}
lineage-outputs = { $n ->
    [one] saiu { $number } lote
   *[other] saíram { $number } lotes
}
lineage-lost = perdido:
lineage-above = detalhado acima
lot-path-title = Tudo o que se disse dele
lot-path-lead = Na ordem do registro, o mais antigo primeiro.
step-lot-declared = Declarado
step-custody-offered = Oferecido
step-custody-accepted = Recebido e pesado
step-custody-declined = Recusado
step-offer-withdrawn = Oferta retirada
step-title-transferred = Propriedade transmitida
step-lot-retired = Saiu do sistema
step-lot-lost = Perdido
step-lot-weighed = Pesado
step-lot-sampled = Amostrado
step-lot-assayed = Ensaiado
step-lot-sealed = Lacrado
step-seal-broken = Lacre rompido
step-lots-transformed = Feito de outros lotes
step-used-up = Tornou-se outros lotes
step-lot-exported = Exportado
step-lot-received = Recebido por uma refinaria
step-lot-held = Retido
step-lot-released = Libertado
step-correction-proposed = Correção proposta
step-correction-confirmed = Correção confirmada
step-signed-for = assinado em seu nome por
step-seals = Lacres ou amostras
step-number = Número
step-countries = Países
step-witness = Quem mais viu
step-reason = Porquê
step-target = Sobre a declaração
step-documents = Documentos, pelas suas impressões
step-stated = Assinado, segundo diz
step-logged = Entrou no registro
step-not-before = não antes de
step-not-after = não depois de
step-not-known = desconhecido
