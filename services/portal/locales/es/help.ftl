# A draft: no native speaker has read it yet.

help-title = Qué es esto, en palabras sencillas
help-lead = Para quienes compran, extraen, transportan o controlan oro.
help-what-title = Qué se registra
help-what = Quien extrae, entrega, funde, ensaya o compra oro lo dice en una declaración firmada. Las declaraciones se guardan en un solo orden y nunca se cambian. Un error se corrige con otra declaración; ambas quedan.
help-who-title = Quién lo dice
help-who = Junto a cada dato está quién lo firmó y cuándo. Lo que una organización dice de sí misma está marcado como tal; también lo que otra persona comprobó.
help-standing-title = Situación de una organización
help-standing = Primero hay puertas: identidad y legitimidad, luego lo que nunca debe ocurrir, luego lo que debe mitigarse en seis meses. Solo después hay niveles de progreso. Una respuesta que nunca se pidió es falta de datos, nunca un aprobado.
help-lot-title = Qué es un lote
help-lot = Una cantidad de oro que alguien tiene. Solo cambia de manos si una parte la ofrece y la otra la acepta, con su propia masa medida. Cuando los lotes se funden juntos o se cortan, los nuevos recuerdan de qué se hicieron.
help-verdict-title = ¿Puedo comprar este lote?
help-verdict = Usted elige las reglas: su propia política. La respuesta es apto, no apto o necesita una persona, con cada razón y la declaración en que se apoya. Lo que no se sabe nunca se da por bueno.
help-proof-title = Qué muestra un archivo de prueba
help-proof = Cada declaración sobre el lote, que no falta ninguna, y que testigos vieron el registro que las contiene. Su dispositivo lo comprueba con dos programas que no comparten código, y sin red.
help-witness-title = Qué hacen los testigos
help-witness = Deberían operarlos otros: mire quién es cada uno. Un testigo firma el estado del registro solo si ha crecido y nada en él fue cambiado. Uno que audita decide antes cada declaración de nuevo. Mientras no vayan juntos todos los que firman, nadie puede mostrarle otro pasado.
help-files-title = Archivos, y quién puede verlos
help-files = Las declaraciones nombran fotos y documentos por su huella. Los archivos se guardan junto al registro, para quienes su dueño indica: todos, compradores, evaluadores o solo la organización. Quien tiene la clave de la organización inicia sesión con ella; no hay contraseña. Cada mirada a un archivo que no es público queda anotada, y su dueño puede leerlo.
help-trust-title = En qué debe confiar
help-trust = En quienes firmaron, por lo que dicen. En los testigos que usted elija, por no haber visto otra historia. No en esta página ni en nuestra base de datos: su dispositivo y los programas de cualquiera las comprueban.
help-not-title = Lo que ningún registro puede mostrar
help-not = Si quienes firman dicen la verdad. Si todos en la mina se ponen de acuerdo en una mentira, el registro guarda la mentira, firmada y fechada. Por eso valen más las evaluaciones, visitas y ensayos de otros.
help-invented-title = Cantidades inventadas
help-invented = En una demostración, las cantidades de los lotes son inventadas y están marcadas donde se muestran. Las traducciones distintas del inglés aún no han sido leídas por hablantes nativos.
