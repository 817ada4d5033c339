# A draft: no native speaker has read it yet.

site-title = Veta: de onde vem o ouro, e quem o diz
skip-to-content = Ir para o conteúdo
nav-label = Principal
nav-organizations = Organizações
nav-lots = Lotes
nav-log = Registro
nav-verify = Verificar
nav-submit = Enviar
nav-help = Ajuda
nav-sign-in = Entrar
search-label = Procurar
search-button = Procurar
language-label = Idioma
as-of-label = Mostrar tudo à data de
as-of-button = Mostrar
as-of-past = Tal como se sabia em { $at }, não como é hoje.
as-of-not-here = Esta página trata do presente. As outras mostram o que se sabia em { $at }.
as-of-present = Mostrar o presente
footer-claim = O que se mostra aqui foi declarado e assinado por quem é nomeado, e a sua coerência foi verificada. Não prova uma origem.
entry-in-log = Esta entrada no registro
invented = inventado para uma demonstração
percent = { $number }%
no-data = sem dados
true-of = Válido para tudo até
pager-label = Páginas
pager-first = Primeira página
pager-next = Página seguinte
trouble-status = Estado { $status }
trouble-not-found-title = Não há nada aqui
trouble-not-found = Não existe, ou ainda não existia na data perguntada. Verifique o endereço ou procure.
trouble-asked-title = Não se pode entender
trouble-asked = Algo no endereço ou no formulário não tem sentido. Volte atrás e corrija.
trouble-unmeant = Isto não se entende:
takes-time = Um dia se escreve 2026-01-31, um instante 2026-01-31T12:00:00Z; também serve o número de uma entrada do registro.
takes-offered = Aqui só tem sentido o que o formulário oferece.
takes-number = Escreva um número inteiro que possa estar aqui, como um ano de quatro algarismos.
takes-place = Isto vem de um link para a página seguinte de uma lista: comece pela primeira página.
takes-party = Escreva o número de uma organização, org-…, ou o bastante do seu nome para que seja a única.
takes-site = Escreva o número de um local, site-…, ou o bastante do seu nome para que seja o único.
takes-register = Escreva o número como está no papel ou na barra, com 64 letras no máximo. Um registro se escreve em minúsculas, como ceec, e pode ser omitido.
fault-several = Vários têm isto no nome. Qual?
fault-more = Há mais; escreva mais do nome.
fault-none = Nenhum se chama assim.
fault-title = Algo no formulário não está claro; está marcado abaixo.
trouble-other-site-title = Enviado de outro site
trouble-other-site = Isto foi enviado de uma página que não é nossa, por isso nada foi feito. Abra o formulário aqui e envie de novo.
trouble-too-long-title = Demasiado longo
trouble-too-long = { $n ->
    [one] O que enviou é mais longo do que se aceita aqui: { $number } byte no máximo. Envie algo mais curto.
   *[other] O que enviou é mais longo do que se aceita aqui: { $number } bytes no máximo. Envie algo mais curto.
}
trouble-too-fast-title = Demasiado depressa
trouble-too-fast = { $n ->
    [one] Você, ou outros no mesmo endereço, perguntam mais do que se responde de uma vez. Nada se perde. Espere { $number } segundo e carregue esta página de novo.
   *[other] Você, ou outros no mesmo endereço, perguntam mais do que se responde de uma vez. Nada se perde. Espere { $number } segundos e carregue esta página de novo.
}
trouble-unread-title = Não se pode ler
trouble-unread = O que foi enviado não se pode ler aqui, por isso nada foi feito. Abra de novo a página de onde foi enviado e envie outra vez a partir daí.
trouble-too-much-title = Demasiado para uma página
trouble-too-much = É mais do que uma página pode mostrar. Pergunte por algo mais próximo ou mais concreto.
trouble-away-title = Indisponível neste momento
trouble-away = Uma parte do sistema está ausente ou atrasada. Nada se perde. Tente de novo dentro de segundos.
trouble-wrong-title = Algo está errado aqui
trouble-wrong = A culpa é nossa, não sua, e ficou anotado. Tente mais tarde.
