# A draft: no native speaker has read it yet.

site-title = Veta: de dónde viene el oro, y quién lo dice
skip-to-content = Ir al contenido
nav-label = Principal
nav-organizations = Organizaciones
nav-lots = Lotes
nav-log = Registro
nav-verify = Verificar
nav-submit = Enviar
nav-help = Ayuda
nav-sign-in = Iniciar sesión
search-label = Buscar
search-button = Buscar
language-label = Idioma
as-of-label = Mostrar todo a fecha de
as-of-button = Mostrar
as-of-past = Tal como se sabía en { $at }, no como es hoy.
as-of-not-here = Esta página trata del presente. Las demás muestran lo que se sabía en { $at }.
as-of-present = Mostrar el presente
footer-claim = Lo que se muestra aquí fue declarado y firmado por quienes se nombran, y se comprobó su coherencia. No prueba un origen.
entry-in-log = Esta entrada en el registro
invented = inventado para una demostración
percent = { $number } %
no-data = sin datos
true-of = Válido para todo hasta
pager-label = Páginas
pager-first = Primera página
pager-next = Página siguiente
trouble-status = Estado { $status }
trouble-not-found-title = No hay nada aquí
trouble-not-found = No existe, o todavía no existía en la fecha por la que pregunta. Revise la dirección o busque.
trouble-asked-title = No se puede entender
trouble-asked = Algo en la dirección o en el formulario no tiene sentido. Vuelva atrás y corríjalo.
trouble-unmeant = Esto no se entiende:
takes-time = Un día se escribe 2026-01-31, un instante 2026-01-31T12:00:00Z; también vale el número de una entrada del registro.
takes-offered = Aquí solo tiene sentido lo que el formulario ofrece.
takes-number = Escriba un número entero que pueda darse aquí, como un año de cuatro cifras.
takes-place = Esto sale de un enlace a la página siguiente de una lista: empiece por la primera página.
takes-party = Escriba el número de una organización, org-…, o lo bastante de su nombre para que sea la única.
takes-site = Escriba el número de un sitio, site-…, o lo bastante de su nombre para que sea el único.
takes-register = Escriba el número como está en el papel o la barra, de 64 letras como mucho. Un registro se escribe en minúsculas, como ceec, y puede omitirse.
fault-several = Varios llevan esto en su nombre. ¿Cuál?
fault-more = Hay más; escriba más del nombre.
fault-none = Ninguno se llama así.
fault-title = Algo en el formulario no está claro; está marcado abajo.
trouble-other-site-title = Enviado desde otro sitio
trouble-other-site = Esto se envió desde una página que no es nuestra, así que no se hizo nada. Abra el formulario aquí y envíelo de nuevo.
trouble-too-long-title = Demasiado largo
trouble-too-long = { $n ->
    [one] Lo que envió es más largo de lo que se admite aquí: { $number } byte como máximo. Envíe algo más corto.
   *[other] Lo que envió es más largo de lo que se admite aquí: { $number } bytes como máximo. Envíe algo más corto.
}
trouble-too-fast-title = Demasiado rápido
trouble-too-fast = { $n ->
    [one] Usted, u otros desde su misma dirección, preguntan más de lo que se responde a la vez. No se pierde nada. Espere { $number } segundo y cargue de nuevo esta página.
   *[other] Usted, u otros desde su misma dirección, preguntan más de lo que se responde a la vez. No se pierde nada. Espere { $number } segundos y cargue de nuevo esta página.
}
trouble-unread-title = No se puede leer
trouble-unread = Lo que se envió no se puede leer aquí, así que no se hizo nada. Abra otra vez la página desde la que se envió y envíelo de nuevo desde allí.
trouble-too-much-title = Demasiado para una página
trouble-too-much = Es más de lo que cabe en una página. Pregunte por algo más cercano o más concreto.
trouble-away-title = No disponible en este momento
trouble-away = Una parte del sistema no responde o va con retraso. No se pierde nada. Inténtelo de nuevo en unos segundos.
trouble-wrong-title = Algo va mal aquí
trouble-wrong = Es culpa nuestra, no suya, y ha quedado anotado. Inténtelo más tarde.
