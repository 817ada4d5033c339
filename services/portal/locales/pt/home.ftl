# A draft: no native speaker has read it yet.

home-heading = De onde vem este ouro, e quem o diz?
home-lead = Procure um lote, uma barra ou uma organização mineira; veja cada assinatura por trás; leve uma prova que não depende da palavra de ninguém.
home-search-label = Procure qualquer coisa
home-search-hint = O número de um lote, uma organização, um local, um lacre, um certificado, uma barra, uma declaração ou uma entrada do registro; ou palavras de um nome, em qualquer ordem.
home-door-lots = Lotes
home-door-lots-why = Quem os tem, onde foram extraídos, por que mãos passaram e se pode comprá-los.
home-door-organizations = Organizações
home-door-organizations-why = Até onde chegaram as organizações mineiras, quem o diz e o que vem a seguir.
home-door-verify = Verificar uma prova
home-door-verify-why = No seu próprio dispositivo, mesmo sem rede.
home-door-log = O registro
home-door-log-why = Cada declaração que entrou, por ordem, sob assinaturas de testemunhas.
home-door-submit = Informar e entregar
home-door-submit-why = Para organizações: assinado no seu dispositivo, enviado quando há rede.
