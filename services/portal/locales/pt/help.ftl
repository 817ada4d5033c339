# A draft: no native speaker has read it yet.

help-title = O que é isto, em palavras simples
help-lead = Para quem compra, extrai, transporta ou controla ouro.
help-what-title = O que se registra
help-what = Quem extrai, entrega, funde, ensaia ou compra ouro di-lo numa declaração assinada. As declarações guardam-se numa só ordem e nunca se alteram. Um erro corrige-se com outra declaração; ambas ficam.
help-who-title = Quem o diz
help-who = Ao lado de cada fato está quem o assinou e quando. O que uma organização diz de si mesma está marcado como tal; também o que outra pessoa verificou.
help-standing-title = Situação de uma organização
help-standing = Primeiro há portas: identidade e legitimidade, depois o que nunca deve acontecer, depois o que deve ser mitigado em seis meses. Só depois há níveis de progresso. Uma resposta nunca pedida é falta de dados, nunca uma aprovação.
help-lot-title = O que é um lote
help-lot = Uma quantidade de ouro que alguém detém. Só muda de mãos se um lado a oferece e o outro a aceita, com a sua própria massa medida. Quando lotes são fundidos juntos ou cortados, os novos lembram de que foram feitos.
help-verdict-title = Posso comprar este lote?
help-verdict = Você escolhe as regras: a sua própria política. A resposta é elegível, não elegível ou precisa de uma pessoa, com cada razão e a declaração em que assenta. O que não se sabe nunca é dado por bom.
help-proof-title = O que mostra um arquivo de prova
help-proof = Cada declaração sobre o lote, que nenhuma foi omitida, e que testemunhas viram o registro que as contém. O seu dispositivo verifica-o com dois programas que não partilham código, e sem rede.
help-witness-title = O que fazem as testemunhas
help-witness = Outros deveriam operá-las: veja quem é cada uma. Uma testemunha só assina o estado do registro se este cresceu e nada nele foi mudado. Uma que audita decide antes cada declaração de novo. Enquanto quem assina não estiver todo combinado, ninguém lhe pode mostrar outro passado.
help-files-title = Arquivos, e quem pode vê-los
help-files = As declarações nomeiam fotos e documentos pela impressão digital. Os arquivos são guardados ao lado do registro, para quem o dono indica: todos, compradores, avaliadores ou só a organização. Quem tem a chave da organização entra com ela; não há senha. Cada olhada em um arquivo que não é público fica anotada, e o dono pode ler isso.
help-trust-title = Em que tem de confiar
help-trust = Em quem assinou, pelo que diz. Nas testemunhas que escolher, por não terem visto outra história. Não nesta página nem na nossa base de dados: o seu dispositivo e os programas de qualquer pessoa verificam-nas.
help-not-title = O que nenhum registro pode mostrar
help-not = Se quem assina diz a verdade. Se todos na mina concordarem numa mentira, o registro guarda a mentira, assinada e datada. Por isso contam mais as avaliações, visitas e ensaios de outros.
help-invented-title = Quantidades inventadas
help-invented = Numa demonstração, as quantidades dos lotes são inventadas e estão marcadas onde se mostram. As traduções que não a inglesa ainda não foram lidas por falantes nativos.
