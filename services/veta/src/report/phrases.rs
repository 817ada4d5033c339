//! What a report says around what it shows, in four languages. All but English are drafts: no native speaker has read them
//! yet, and a report in another language says so.

use catalogue::Language;

/// A language that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Portuguese.
    Pt,
}

impl Tongue {
    /// Every language of reports.
    pub const ALL: [Self; 4] = [Self::En, Self::Es, Self::Fr, Self::Pt];

    /// The one of a language of catalogues, if reports are written in it.
    #[must_use]
    pub fn of(language: Language) -> Option<Self> {
        Self::ALL.into_iter().find(|tongue| tongue.language() == language)
    }

    /// The language of catalogues that it is.
    #[must_use]
    pub const fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::Es => Language::Es,
            Self::Fr => Language::Fr,
            Self::Pt => Language::Pt,
        }
    }

    pub(super) const fn phrases(self) -> &'static Phrases {
        &PHRASES[self as usize]
    }
}

/// Values that have words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    PartyKind,
    Standing,
    Cause,
    Module,
    Pillar,
    Assurance,
    Freshness,
    Milestone,
    PlanOutcome,
    Category,
    Confidence,
    Severity,
    IncidentOutcome,
    Step,
    Consequence,
    Unit,
}

/// What a value is called; what is not known by its number has no name.
pub(super) fn word(of: Word, value: i32, tongue: Tongue) -> &'static str {
    let (first, words): (i32, &[[&'static str; 4]]) = match of {
        Word::PartyKind => (1, &PARTY_KINDS),
        Word::Standing => (1, &STANDINGS),
        Word::Cause => (1, &CAUSES),
        Word::Module => (1, &MODULES),
        Word::Pillar => (1, &PILLARS),
        Word::Assurance => (1, &ASSURANCES),
        Word::Freshness => (1, &FRESHNESS),
        Word::Milestone => (0, &MILESTONES),
        Word::PlanOutcome => (1, &PLAN_OUTCOMES),
        Word::Category => (1, &CATEGORIES),
        Word::Confidence => (1, &CONFIDENCES),
        Word::Severity => (1, &SEVERITIES),
        Word::IncidentOutcome => (1, &INCIDENT_OUTCOMES),
        Word::Step => (1, &STEPS),
        Word::Consequence => (1, &CONSEQUENCES),
        Word::Unit => (1, &UNITS),
    };
    let place = value.checked_sub(first).and_then(|place| usize::try_from(place).ok());
    let row = place.and_then(|place| words.get(place));
    row.map_or("–", |row| row[tongue as usize])
}

/// Declares the phrases: a name, and what it is in each language, in the order of [`Tongue::ALL`].
macro_rules! phrases {
    ($($name:ident: $en:literal, $es:literal, $fr:literal, $pt:literal;)*) => {
        /// The phrases of one language.
        #[derive(Debug)]
        pub(super) struct Phrases {
            /// That this language is a draft; none where it is not.
            pub(super) draft: Option<&'static str>,
            $(pub(super) $name: &'static str,)*
        }

        static PHRASES: [Phrases; 4] = [
            Phrases { draft: None, $($name: $en,)* },
            Phrases {
                draft: Some("La redacción en español de este informe, y la de los criterios, es un borrador que ningún hablante nativo ha revisado todavía. En caso de duda vale el inglés."),
                $($name: $es,)*
            },
            Phrases {
                draft: Some("Le texte français de ce rapport et des critères est une ébauche qu'aucun locuteur natif n'a encore relue. En cas de doute, l'anglais fait foi."),
                $($name: $fr,)*
            },
            Phrases {
                draft: Some("A redação em português deste relatório e dos critérios é um rascunho que nenhum falante nativo leu ainda. Em caso de dúvida vale o inglês."),
                $($name: $pt,)*
            },
        ];

        /// Every phrase with its name.
        #[cfg(test)]
        const ROWS: &[(&str, [&str; 4])] = &[$((stringify!($name), [$en, $es, $fr, $pt]),)*];
    };
}

phrases! {
    title_summary: "Progress of {name}: summary for everyone", "Progreso de {name}: resumen para todos", "Progrès de {name} : résumé pour tous", "Progresso de {name}: resumo para todos";
    title_full: "Progress of {name}: full version", "Progreso de {name}: versión completa", "Progrès de {name} : version complète", "Progresso de {name}: versão completa";
    as_of: "As of position {position} of the stream, with clocks read at {instant}.", "A la posición {position} del flujo, con los relojes leídos a las {instant}.", "À la position {position} du flux, les horloges lues à {instant}.", "Na posição {position} do fluxo, com os relógios lidos em {instant}.";
    enrolled: "Enrolled by the record at position {position}.", "Inscrita por el registro en la posición {position}.", "Inscrite par l'enregistrement à la position {position}.", "Inscrita pelo registro na posição {position}.";
    this_is_summary: "This is the summary for everyone. The full version has every answer with its history, and names every record that it rests on.", "Este es el resumen para todos. La versión completa tiene cada respuesta con su historia y nombra cada registro en que se apoya.", "Ceci est le résumé pour tous. La version complète contient chaque réponse avec son historique et nomme chaque enregistrement sur lequel elle repose.", "Este é o resumo para todos. A versão completa tem cada resposta com a sua história e nomeia cada registro em que se apoia.";
    this_is_full: "This is the full version: every answer with its history, and every record that it rests on. Names and texts stand as those who signed them wrote them.", "Esta es la versión completa: cada respuesta con su historia y cada registro en que se apoya. Los nombres y textos están como los escribieron quienes los firmaron.", "Ceci est la version complète : chaque réponse avec son historique, et chaque enregistrement sur lequel elle repose. Les noms et les textes sont tels que leurs signataires les ont écrits.", "Esta é a versão completa: cada resposta com a sua história e cada registro em que se apoia. Os nomes e textos estão como os escreveu quem os assinou.";
    full_digest: "The full version that was written with this summary has the SHA-256 digest {digest} (its HTML file).", "La versión completa escrita junto con este resumen tiene el resumen digital SHA-256 {digest} (su archivo HTML).", "La version complète écrite avec ce résumé a l'empreinte SHA-256 {digest} (son fichier HTML).", "A versão completa escrita com este resumo tem o resumo digital SHA-256 {digest} (seu arquivo HTML).";
    claims: "What stands here was declared and signed by those who are named, and checked for consistency. Nobody claims more: it does not prove where gold comes from, nor that what was declared is so. By whose word an answer stands is said beside it.", "Lo que aquí consta fue declarado y firmado por quienes se nombran, y se comprobó que es coherente. Nadie afirma más: no prueba de dónde viene el oro, ni que lo declarado sea así. Junto a cada respuesta se dice por palabra de quién consta.", "Ce qui figure ici a été déclaré et signé par ceux qui sont nommés, et sa cohérence a été vérifiée. Personne n'affirme davantage : cela ne prouve ni d'où vient l'or, ni que ce qui est déclaré est vrai. À côté de chaque réponse il est dit sur la parole de qui elle repose.", "O que aqui consta foi declarado e assinado por quem é nomeado, e verificou-se que é coerente. Ninguém afirma mais: não prova de onde vem o ouro, nem que o declarado seja assim. Ao lado de cada resposta se diz pela palavra de quem ela consta.";
    what_no_data_is: "“No data” means that nobody was asked, or nobody answered. It is neither a no nor a yes.", "«Sin datos» significa que no se preguntó a nadie, o que nadie respondió. No es ni un no ni un sí.", "« Pas de données » signifie que personne n'a été interrogé, ou que personne n'a répondu. Ce n'est ni un non ni un oui.", "«Sem dados» significa que ninguém foi perguntado, ou que ninguém respondeu. Não é nem um não nem um sim.";
    no_data: "no data", "sin datos", "pas de données", "sem dados";
    as_a_whole: "the organization as a whole", "la organización en su conjunto", "l'organisation dans son ensemble", "a organização como um todo";

    standing: "Standing", "Estado", "Statut", "Situação";
    no_standing: "It neither digs nor processes, and so has no standing.", "No extrae ni procesa, y por eso no tiene estado.", "Elle n'extrait ni ne traite, et n'a donc pas de statut.", "Não extrai nem processa, e por isso não tem situação.";
    since: "since", "desde", "depuis", "desde";
    by_whom: "by", "por", "par", "por";
    position: "position", "posición", "position", "posição";
    derived: "follows from the record", "se sigue de los registros", "découle des enregistrements", "decorre dos registros";
    the_rules: "the rules", "las reglas", "les règles", "as regras";
    by_time_alone: "by time alone", "solo por el tiempo", "par le temps seul", "só pelo tempo";
    decided: "decided by the scheme", "decidido por el esquema", "décidé par le dispositif", "decidido pelo esquema";
    none_decided: "no decision", "ninguna decisión", "aucune décision", "nenhuma decisão";
    differs: "These differ: “{derived}” follows from the record, and the scheme decided “{decided}”. Both stand.", "Difieren: de los registros se sigue «{derived}», y el esquema decidió «{decided}». Constan ambos.", "Ils diffèrent : des enregistrements découle « {derived} », et le dispositif a décidé « {decided} ». Les deux figurent.", "Diferem: dos registros decorre «{derived}», e o esquema decidiu «{decided}». Constam ambos.";
    at_position: "{what} (position {position})", "{what} (posición {position})", "{what} (position {position})", "{what} (posição {position})";
    no_report: "It has published no report.", "No ha publicado ningún informe.", "Elle n'a publié aucun rapport.", "Não publicou nenhum relatório.";
    reported: "Its latest published report is about {period} (position {position}). Without another one, the standing lapses after {instant}.", "Su último informe publicado trata de {period} (posición {position}). Sin otro, el estado caduca después de {instant}.", "Son dernier rapport publié porte sur {period} (position {position}). Sans un autre, le statut expire après {instant}.", "O seu último relatório publicado trata de {period} (posição {position}). Sem outro, a situação caduca depois de {instant}.";
    next_change: "Time alone may change what follows from the record after {instant}.", "Solo el paso del tiempo puede cambiar lo que se sigue de los registros después de {instant}.", "Le temps seul peut changer ce qui découle des enregistrements après {instant}.", "Só a passagem do tempo pode mudar o que decorre dos registros depois de {instant}.";

    gates: "Gates, module by module", "Puertas, módulo por módulo", "Seuils, module par module", "Portas, módulo por módulo";
    no_gates: "No catalogue with gates is in force, and nothing follows from answers.", "No hay en vigor ningún catálogo con puertas, y nada se sigue de las respuestas.", "Aucun catalogue avec des seuils n'est en vigueur, et rien ne découle des réponses.", "Não há em vigor nenhum catálogo com portas, e nada decorre das respostas.";
    gates_of: "By the catalogue {catalogue}, version {version}; the organization and its sites together, each criterion as good as the worst of them.", "Según el catálogo {catalogue}, versión {version}; la organización y sus sitios en conjunto, cada criterio tan bien como el peor de ellos.", "Selon le catalogue {catalogue}, version {version} ; l'organisation et ses sites ensemble, chaque critère aussi bon que le pire d'entre eux.", "Pelo catálogo {catalogue}, versão {version}; a organização e os seus locais em conjunto, cada critério tão bom quanto o pior deles.";
    gates_caption: "How many criteria of each module are how far", "Cuántos criterios de cada módulo han llegado hasta dónde", "Combien de critères de chaque module en sont où", "Quantos critérios de cada módulo chegaram até onde";
    scenarios: "Legitimacy scenarios that apply: {list}.", "Escenarios de legitimidad que se aplican: {list}.", "Scénarios de légitimité qui s'appliquent : {list}.", "Cenários de legitimidade que se aplicam: {list}.";
    module: "module", "módulo", "module", "módulo";
    no_module: "of no module", "de ningún módulo", "d'aucun module", "de nenhum módulo";
    state: "state", "situación", "état", "estado";
    met: "met", "cumplido", "rempli", "cumprido";
    mending: "mending under a plan", "en corrección según un plan", "en correction selon un plan", "em correção segundo um plano";
    overdue: "overdue", "vencido", "en retard", "vencido";
    not_met: "not met", "no cumplido", "non rempli", "não cumprido";

    pillars: "Module 5, by pillar", "Módulo 5, por pilar", "Module 5, par pilier", "Módulo 5, por pilar";
    pillars_note: "Levels are counted, each criterion at the lowest level among the organization and its sites. They are never averaged.", "Los niveles se cuentan, cada criterio en el nivel más bajo entre la organización y sus sitios. Nunca se promedian.", "Les niveaux sont comptés, chaque critère au niveau le plus bas parmi l'organisation et ses sites. On n'en fait jamais la moyenne.", "Os níveis são contados, cada critério no nível mais baixo entre a organização e os seus locais. Nunca se faz a média.";
    pillars_caption: "How many criteria stand at which level", "Cuántos criterios están en qué nivel", "Combien de critères sont à quel niveau", "Quantos critérios estão em que nível";
    pillar: "pillar", "pilar", "pilier", "pilar";
    lowest_level: "lowest level", "nivel más bajo", "niveau le plus bas", "nível mais baixo";
    level: "level", "nivel", "niveau", "nível";
    without_level: "no data, or does not apply", "sin datos, o no se aplica", "pas de données, ou ne s'applique pas", "sem dados, ou não se aplica";
    other_answered: "answered otherwise", "respondido de otro modo", "répondu autrement", "respondido de outro modo";
    other_unanswered: "to be answered otherwise: no data", "a responder de otro modo: sin datos", "à répondre autrement : pas de données", "a responder de outro modo: sem dados";

    open_plans: "Open plans", "Planes abiertos", "Plans ouverts", "Planos abertos";
    no_open_plans: "No plan is open.", "No hay ningún plan abierto.", "Aucun plan n'est ouvert.", "Nenhum plano está aberto.";
    plan: "Plan", "Plan", "Plan", "Plano";
    adopted: "Adopted {instant} (position {position}). Overdue milestones: {overdue}.", "Adoptado {instant} (posición {position}). Hitos vencidos: {overdue}.", "Adopté {instant} (position {position}). Étapes en retard : {overdue}.", "Adotado {instant} (posição {position}). Marcos vencidos: {overdue}.";
    clock_runs: "{criterion}: the clock runs since {since}, until {due}.", "{criterion}: el plazo corre desde {since} hasta {due}.", "{criterion} : le délai court depuis {since}, jusqu'à {due}.", "{criterion}: o prazo corre desde {since} até {due}.";
    clock_ran_out: "{criterion}: the clock ran from {since}, and ran out at {due}.", "{criterion}: el plazo corrió desde {since} y venció el {due}.", "{criterion} : le délai courait depuis {since} et a expiré à {due}.", "{criterion}: o prazo correu desde {since} e venceu em {due}.";
    what: "what", "qué", "quoi", "o quê";
    criterion: "criterion", "criterio", "critère", "critério";
    due: "due", "para cuándo", "échéance", "prazo";
    extended: "{due} (at first {first})", "{due} (al principio {first})", "{due} (d'abord {first})", "{due} (no início {first})";

    open_incidents: "Open incidents", "Incidentes abiertos", "Incidents ouverts", "Incidentes abertos";
    no_open_incidents: "No open incident is on record. Nobody may have reported one.", "No consta ningún incidente abierto. Puede que nadie lo haya comunicado.", "Aucun incident ouvert n'est enregistré. Il se peut que personne n'en ait signalé.", "Não consta nenhum incidente aberto. Pode ser que ninguém o tenha comunicado.";
    grave: "trade must end", "el comercio debe cesar", "le commerce doit cesser", "o comércio deve cessar";
    incident: "incident", "incidente", "incident", "incidente";
    category: "category", "categoría", "catégorie", "categoria";
    confidence: "how sure", "certeza", "certitude", "certeza";
    severity: "severity", "gravedad", "gravité", "gravidade";
    place: "where", "dónde", "où", "onde";
    days: "days", "días", "jours", "dias";

    assurance: "By whose word", "Por palabra de quién", "Sur la parole de qui", "Pela palavra de quem";
    assurance_note: "Present answers of the organization and its sites, by who looked. Whoever is independent gives more assurance than who speaks about itself; none of it is proof.", "Respuestas presentes de la organización y sus sitios, según quién miró. Quien es independiente da más seguridad que quien habla de sí mismo; nada de ello es una prueba.", "Réponses présentes de l'organisation et de ses sites, selon qui a regardé. Qui est indépendant donne plus d'assurance que qui parle de soi ; rien de cela n'est une preuve.", "Respostas presentes da organização e dos seus locais, segundo quem olhou. Quem é independente dá mais segurança do que quem fala de si mesmo; nada disso é prova.";
    assurance_caption: "Present answers, by assurance level", "Respuestas presentes, por nivel de seguridad", "Réponses présentes, par niveau d'assurance", "Respostas presentes, por nível de segurança";
    by_whose_word: "by whose word", "por palabra de quién", "sur la parole de qui", "pela palavra de quem";
    answers: "answers", "respuestas", "réponses", "respostas";
    confirmed: "confirmed by somebody else", "confirmadas por otros", "confirmées par d'autres", "confirmadas por outros";
    contested: "contested by somebody else", "impugnadas por otros", "contestées par d'autres", "contestadas por outros";
    freshness: "freshness", "actualidad", "actualité", "atualidade";
    newest_day: "newest answer", "respuesta más reciente", "réponse la plus récente", "resposta mais recente";
    oldest_day: "oldest present answer", "respuesta presente más antigua", "réponse présente la plus ancienne", "resposta presente mais antiga";
    fresh: "fresh answers", "respuestas recientes", "réponses récentes", "respostas recentes";
    stale: "stale answers", "respuestas antiguas", "réponses anciennes", "respostas antigas";

    others: "What others saw, asked for another purpose", "Lo que otros vieron, preguntado con otro fin", "Ce que d'autres ont vu, demandé dans un autre but", "O que outros viram, perguntado com outro fim";
    others_note: "Answers under other catalogues that speak to criteria of the gates. Nothing follows from them: no finding, no gate, no standing. What was not seen speaks for nothing: nobody saw it that day.", "Respuestas según otros catálogos que hablan de criterios de las puertas. Nada se sigue de ellas: ningún hallazgo, ninguna puerta, ningún estado. Lo que no se vio no habla a favor de nada: nadie lo vio ese día.", "Réponses selon d'autres catalogues qui parlent de critères des seuils. Rien n'en découle : ni constat, ni seuil, ni statut. Ce qui n'a pas été vu ne parle en faveur de rien : personne ne l'a vu ce jour-là.", "Respostas segundo outros catálogos que falam de critérios das portas. Nada decorre delas: nenhuma constatação, nenhuma porta, nenhum estado. O que não foi visto não fala a favor de nada: ninguém o viu nesse dia.";
    seen: "what was asked", "qué se preguntó", "ce qui a été demandé", "o que foi perguntado";
    reaches: "how far it reaches", "hasta dónde llega", "jusqu'où cela porte", "até onde vai";
    speaks_against: "speaks against", "habla en contra", "parle contre", "fala contra";
    speaks_for_nothing: "speaks for nothing", "no habla a favor de nada", "ne parle en faveur de rien", "não fala a favor de nada";
    context: "context", "contexto", "contexte", "contexto";

    next: "What is missing, and what is next", "Qué falta y qué sigue", "Ce qui manque, et la suite", "O que falta e o que vem a seguir";
    nothing_next: "Nothing is missing that the rules ask for.", "No falta nada de lo que piden las reglas.", "Rien ne manque de ce que les règles demandent.", "Nada falta do que as regras pedem.";
    next_note: "The gravest consequence first.", "Primero, la consecuencia más grave.", "La conséquence la plus grave d'abord.", "A consequência mais grave primeiro.";
    about: "about", "sobre", "à propos de", "sobre";
    otherwise: "otherwise", "de lo contrario", "sinon", "senão";
    left_out: "And {count} more.", "Y {count} más.", "Et {count} de plus.", "E mais {count}.";
    milestone_of: "milestone {milestone} of {plan}", "hito {milestone} de {plan}", "étape {milestone} de {plan}", "marco {milestone} de {plan}";

    coverage: "Coverage: what was asked, and what was not", "Cobertura: qué se preguntó y qué no", "Couverture : ce qui a été demandé, et ce qui ne l'a pas été", "Cobertura: o que foi perguntado e o que não foi";
    coverage_note: "A criterion counts as answered where anybody answered it, here or at a site. The scenarios of module 2 count as one criterion.", "Un criterio cuenta como respondido donde alguien lo respondió, aquí o en un sitio. Los escenarios del módulo 2 cuentan como un criterio.", "Un critère compte comme répondu dès que quelqu'un y a répondu, ici ou sur un site. Les scénarios du module 2 comptent pour un critère.", "Um critério conta como respondido onde alguém o respondeu, aqui ou em um local. Os cenários do módulo 2 contam como um critério.";
    asked: "with an answer", "con respuesta", "avec réponse", "com resposta";
    coverage_of_pillars: "Module 5 is counted as its pillars are: criteria that do not apply are among those without data.", "El módulo 5 se cuenta como sus pilares: los criterios que no se aplican están entre los que no tienen datos.", "Le module 5 est compté comme ses piliers : les critères qui ne s'appliquent pas sont parmi ceux sans données.", "O módulo 5 é contado como os seus pilares: os critérios que não se aplicam estão entre os sem dados.";
    nobody_answered: "No data. Nobody answered:", "Sin datos. Nadie respondió:", "Pas de données. Personne n'a répondu à :", "Sem dados. Ninguém respondeu:";

    checks: "How to check this", "Cómo comprobarlo", "Comment vérifier", "Como verificar";
    log_unreachable: "No audit service could be reached when this was written: no checkpoint of the log stands behind it. Ask for one before you rely on it.", "No se pudo alcanzar ningún servicio de auditoría cuando se escribió esto: no lo respalda ningún punto de control del registro. Pida uno antes de confiar en ello.", "Aucun service d'audit n'a pu être joint quand ceci a été écrit : aucun point de contrôle du journal ne l'appuie. Demandez-en un avant de vous y fier.", "Nenhum serviço de auditoria pôde ser alcançado quando isto foi escrito: nenhum ponto de controle do registro o respalda. Peça um antes de confiar nisso.";
    log_behind: "The audit service had not come as far as this report when it was written: no checkpoint of the log covers it yet. Ask for one before you rely on it.", "El servicio de auditoría no había llegado hasta este informe cuando se escribió: ningún punto de control del registro lo cubre todavía. Pida uno antes de confiar en ello.", "Le service d'audit n'était pas arrivé aussi loin que ce rapport quand il a été écrit : aucun point de contrôle du journal ne le couvre encore. Demandez-en un avant de vous y fier.", "O serviço de auditoria não tinha chegado até este relatório quando foi escrito: nenhum ponto de controle do registro o cobre ainda. Peça um antes de confiar nisso.";
    log_checked: "The log's latest checkpoint when this was written; its signature was verified with the log's key, and it covers the position above. Compare it with one that came to you by another way.", "El último punto de control del registro cuando se escribió esto; su firma se verificó con la clave del registro, y cubre la posición de arriba. Compárelo con otro que le haya llegado por otra vía.", "Le dernier point de contrôle du journal quand ceci a été écrit ; sa signature a été vérifiée avec la clé du journal, et il couvre la position ci-dessus. Comparez-le avec un autre qui vous est parvenu par une autre voie.", "O último ponto de controle do registro quando isto foi escrito; a sua assinatura foi verificada com a chave do registro, e ele cobre a posição acima. Compare-o com outro que lhe tenha chegado por outra via.";
    origin: "origin", "origen", "origine", "origem";
    tree_size: "tree size", "tamaño del árbol", "taille de l'arbre", "tamanho da árvore";
    root_hash: "root hash", "hash raíz", "empreinte racine", "hash raiz";
    log_key: "the log's key", "clave del registro", "clé du journal", "chave do registro";
    how_to_check: "Every position names a record of the stream; its index in the log is the position less one. {prove} gives the proof of a record, {verify} checks it offline, and {replay} decides the whole log again.", "Cada posición nombra un registro del flujo; su índice en el registro es la posición menos uno. {prove} da la prueba de un registro, {verify} la comprueba sin conexión y {replay} vuelve a decidir todo el registro.", "Chaque position nomme un enregistrement du flux ; son indice dans le journal est la position moins un. {prove} donne la preuve d'un enregistrement, {verify} la vérifie hors ligne, et {replay} décide à nouveau tout le journal.", "Cada posição nomeia um registro do fluxo; o seu índice no registro é a posição menos um. {prove} dá a prova de um registro, {verify} a verifica sem conexão e {replay} decide de novo todo o registro.";

    catalogues: "Catalogues, licences and credits", "Catálogos, licencias y créditos", "Catalogues, licences et crédits", "Catálogos, licenças e créditos";
    no_catalogues: "Nothing was asked by any catalogue.", "No se preguntó nada según ningún catálogo.", "Rien n'a été demandé selon un catalogue.", "Nada foi perguntado por nenhum catálogo.";
    catalogue: "catalogue", "catálogo", "catalogue", "catálogo";
    digest: "digest", "resumen digital", "empreinte", "resumo digital";
    full_text_digest: "digest of the full text", "resumen digital del texto completo", "empreinte du texte complet", "resumo digital do texto completo";
    licence: "licence", "licencia", "licence", "licença";
    catalogue_credit: "Credit: Veta, criteria catalogues, CC BY-SA 4.0.", "Crédito: Veta, catálogos de criterios, CC BY-SA 4.0.", "Crédit : Veta, catalogues de critères, CC BY-SA 4.0.", "Crédito: Veta, catálogos de critérios, CC BY-SA 4.0.";
    not_shipped: "The questions of {catalogue} stand as its publisher put them into the stream, in the language that is held there.", "Las preguntas de {catalogue} están como las puso en el flujo quien lo publicó, en el idioma que consta allí.", "Les questions de {catalogue} sont telles que celui qui l'a publié les a mises dans le flux, dans la langue qui y figure.", "As perguntas de {catalogue} estão como quem o publicou as pôs no fluxo, no idioma que ali consta.";
    no_endorsement: "“CRAFT” and “IPIS” are other people's names. None of those who are named as sources has seen or endorsed this report.", "«CRAFT» e «IPIS» son nombres de otros. Ninguno de los nombrados como fuente ha visto ni avalado este informe.", "« CRAFT » et « IPIS » sont des noms d'autrui. Aucun de ceux qui sont nommés comme sources n'a vu ni approuvé ce rapport.", "«CRAFT» e «IPIS» são nomes de outros. Nenhum dos nomeados como fonte viu ou endossou este relatório.";
    evidence: "Evidence (SHA-256)", "Evidencia (SHA-256)", "Preuves à l'appui (SHA-256)", "Evidência (SHA-256)";

    every_answer: "Every answer, with its history", "Cada respuesta, con su historia", "Chaque réponse, avec son historique", "Cada resposta, com a sua história";
    every_answer_note: "For the organization itself, and then for each site. The answer that stands is marked; the others stay as history. Beside each answer at most two confirmations and two contests stand, the latest.", "Para la organización misma y luego para cada sitio. La respuesta que vale está marcada; las demás quedan como historia. Junto a cada respuesta constan como máximo dos confirmaciones y dos impugnaciones, las últimas.", "Pour l'organisation elle-même, puis pour chaque site. La réponse qui vaut est marquée ; les autres restent comme historique. À côté de chaque réponse figurent au plus deux confirmations et deux contestations, les dernières.", "Para a própria organização e depois para cada local. A resposta que vale está marcada; as outras ficam como história. Ao lado de cada resposta constam no máximo duas confirmações e duas contestações, as últimas.";
    site: "Site", "Sitio", "Site", "Local";
    site_registered: "{site}, {where}; registered at position {position}.", "{site}, {where}; registrado en la posición {position}.", "{site}, {where} ; enregistré à la position {position}.", "{site}, {where}; registrado na posição {position}.";
    never_assessed: "No data: nobody ever assessed this.", "Sin datos: nadie lo ha evaluado nunca.", "Pas de données : personne ne l'a jamais évalué.", "Sem dados: ninguém nunca o avaliou.";
    assessment: "assessment", "evaluación", "évaluation", "avaliação";
    assurance_level: "assurance level", "nivel de seguridad", "niveau d'assurance", "nível de segurança";
    counts: "counts", "vale", "compte", "vale";
    answer: "answer", "respuesta", "réponse", "resposta";
    version: "version", "versión", "version", "versão";
    present: "present", "presente", "présente", "presente";
    other: "other", "otra", "autre", "outra";
    contradicts: "contradicts the present one", "contradice a la presente", "contredit la présente", "contradiz a presente";
    withdrawn: "taken back", "retirada", "retirée", "retirada";
    is_stale: "stale", "antigua", "ancienne", "antiga";
    is_contested: "contested", "impugnada", "contestée", "contestada";
    is_contradicted: "contradicted", "contradicha", "contredite", "contradita";
    confirmed_by: "{answer}: confirmed by {who} (position {position}). {why}", "{answer}: confirmada por {who} (posición {position}). {why}", "{answer} : confirmée par {who} (position {position}). {why}", "{answer}: confirmada por {who} (posição {position}). {why}";
    contested_by: "{answer}: contested by {who} (position {position}): {why}", "{answer}: impugnada por {who} (posición {position}): {why}", "{answer} : contestée par {who} (position {position}) : {why}", "{answer}: contestada por {who} (posição {position}): {why}";
    withdrawn_by: "{answer}: taken back by {who} (position {position}): {why}", "{answer}: retirada por {who} (posición {position}): {why}", "{answer} : retirée par {who} (position {position}) : {why}", "{answer}: retirada por {who} (posição {position}): {why}";
    judgements_left_out: "About the present answer, {count} more confirmations, contests or contradictions do not stand here.", "Sobre la respuesta presente hay {count} confirmaciones, impugnaciones o contradicciones más que no constan aquí.", "Sur la réponse présente, {count} confirmations, contestations ou contradictions de plus ne figurent pas ici.", "Sobre a resposta presente há mais {count} confirmações, contestações ou contradições que não constam aqui.";
    not_asked_here: "No data, by the catalogue {catalogue}: {list}.", "Sin datos, según el catálogo {catalogue}: {list}.", "Pas de données, selon le catalogue {catalogue} : {list}.", "Sem dados, pelo catálogo {catalogue}: {list}.";

    indicators: "What was measured, over time", "Lo que se midió, a lo largo del tiempo", "Ce qui a été mesuré, au fil du temps", "O que foi medido, ao longo do tempo";
    indicators_note: "One line belongs to one indicator. It goes on under another catalogue version only where that version supersedes the one before and keeps the indicator. What was taken back is left out.", "Una línea corresponde a un indicador. Sigue bajo otra versión del catálogo solo donde esa versión sustituye a la anterior y conserva el indicador. Lo retirado se omite.", "Une courbe correspond à un indicateur. Elle continue sous une autre version du catalogue seulement si cette version remplace la précédente et garde l'indicateur. Ce qui a été retiré est omis.", "Uma linha corresponde a um indicador. Ela continua sob outra versão do catálogo só onde essa versão substitui a anterior e mantém o indicador. O que foi retirado é omitido.";
    nothing_measured: "No data: nobody ever measured anything here.", "Sin datos: nadie ha medido nunca nada aquí.", "Pas de données : personne n'a jamais rien mesuré ici.", "Sem dados: ninguém nunca mediu nada aqui.";
    value: "value", "valor", "valeur", "valor";

    every_plan: "Every plan", "Todos los planes", "Tous les plans", "Todos os planos";
    no_plans: "No plan was ever adopted.", "Nunca se adoptó ningún plan.", "Aucun plan n'a jamais été adopté.", "Nenhum plano foi adotado.";
    extended_why: "Milestone {milestone} was extended (times: {count}), at last because: {why}", "El hito {milestone} se prorrogó (veces: {count}), la última porque: {why}", "L'étape {milestone} a été prolongée (fois : {count}), la dernière parce que : {why}", "O marco {milestone} foi prorrogado (vezes: {count}), a última porque: {why}";
    milestone_reported: "Milestone {milestone}: {state}, says {who} (position {position}). {why}", "Hito {milestone}: {state}, dice {who} (posición {position}). {why}", "Étape {milestone} : {state}, dit {who} (position {position}). {why}", "Marco {milestone}: {state}, diz {who} (posição {position}). {why}";
    ended: "Ended: {how}, says {who} (position {position}). {why}", "Terminado: {how}, dice {who} (posición {position}). {why}", "Terminé : {how}, dit {who} (position {position}). {why}", "Terminado: {how}, diz {who} (posição {position}). {why}";

    every_incident: "Every incident, with its steps", "Todos los incidentes, con sus pasos", "Tous les incidents, avec leurs étapes", "Todos os incidentes, com os seus passos";
    no_incidents: "No incident is on record. Nobody may have reported one.", "No consta ningún incidente. Puede que nadie lo haya comunicado.", "Aucun incident n'est enregistré. Il se peut que personne n'en ait signalé.", "Não consta nenhum incidente. Pode ser que ninguém o tenha comunicado.";
    incident_now: "{where}, {days}. By the latest word: {confidence}, {severity}.", "{where}, {days}. Según lo último que se sabe: {confidence}, {severity}.", "{where}, {days}. Selon le dernier mot : {confidence}, {severity}.", "{where}, {days}. Pela última palavra: {confidence}, {severity}.";
    reported_step: "reported", "comunicado", "signalé", "comunicado";
    updated_step: "more is known", "se sabe más", "on en sait plus", "sabe-se mais";
    closed_step: "closed", "cerrado", "clos", "encerrado";
    step: "step", "paso", "étape", "passo";
    said: "what was said", "qué se dijo", "ce qui a été dit", "o que foi dito";
    when: "admitted at", "admitido el", "admis le", "admitido em";
    updates_left_out: "{count} earlier updates do not stand here.", "{count} actualizaciones anteriores no constan aquí.", "{count} mises à jour antérieures ne figurent pas ici.", "{count} atualizações anteriores não constam aqui.";

    reports: "Reports and decisions", "Informes y decisiones", "Rapports et décisions", "Relatórios e decisões";
    no_reports: "There is no published report, and no decision of the scheme.", "No hay ningún informe publicado ni ninguna decisión del esquema.", "Il n'y a ni rapport publié ni décision du dispositif.", "Não há relatório publicado nem decisão do esquema.";
    reports_note: "A published report that speaks about no later day than one before it is no newer report, and does not stand here; the log has it.", "Un informe publicado que no habla de un día posterior al de otro anterior no es más nuevo, y no consta aquí; está en el registro.", "Un rapport publié qui ne parle d'aucun jour postérieur à un rapport précédent n'est pas plus récent, et ne figure pas ici ; il est dans le journal.", "Um relatório publicado que não fala de um dia posterior ao de outro anterior não é mais novo, e não consta aqui; está no registro.";
    report_on: "published report about", "informe publicado sobre", "rapport publié sur", "relatório publicado sobre";
    summary_digest: "SHA-256 of its summary", "SHA-256 de su resumen", "SHA-256 de son résumé", "SHA-256 do seu resumo";
    digest_of_full: "SHA-256 of its full version", "SHA-256 de su versión completa", "SHA-256 de sa version complète", "SHA-256 da sua versão completa";
    why: "why", "por qué", "pourquoi", "por quê";

    sources: "Every record that this rests on", "Todos los registros en que se apoya", "Tous les enregistrements sur lesquels ceci repose", "Todos os registros em que isto se apoia";
    sources_note: "Each stands in the log at its position, with this statement id; whoever is named above by a name alone is named here by an id, too.", "Cada uno está en el registro en su posición, con este identificador de declaración; quien arriba consta solo por su nombre, aquí consta también por su identificador.", "Chacun figure dans le journal à sa position, avec cet identifiant de déclaration ; qui n'est nommé plus haut que par son nom l'est ici aussi par son identifiant.", "Cada um está no registro na sua posição, com este identificador de declaração; quem acima consta só pelo nome, aqui consta também pelo identificador.";
    statement: "statement", "declaración", "déclaration", "declaração";
    statement_id: "statement id", "identificador de la declaración", "identifiant de la déclaration", "identificador da declaração";
}

const PARTY_KINDS: [[&str; 4]; 13] = [
    [
        "miners organization",
        "organización de mineros",
        "organisation de mineurs",
        "organização de mineiros",
    ],
    [
        "informal miners group",
        "grupo informal de mineros",
        "groupe informel de mineurs",
        "grupo informal de mineiros",
    ],
    ["processor", "procesador", "transformateur", "processador"],
    ["trader", "comerciante", "négociant", "comerciante"],
    ["exporter", "exportador", "exportateur", "exportador"],
    ["carrier", "transportista", "transporteur", "transportador"],
    ["assayer", "ensayador", "essayeur", "ensaiador"],
    ["refiner", "refinador", "affineur", "refinador"],
    ["buyer", "comprador", "acheteur", "comprador"],
    ["assessor", "evaluador", "évaluateur", "avaliador"],
    ["authority", "autoridad", "autorité", "autoridade"],
    ["scheme", "esquema", "dispositif", "esquema"],
    ["auditor", "auditor", "auditeur", "auditor"],
];

const STANDINGS: [[&str; 4]; 6] = [
    ["applicant", "solicitante", "postulante", "solicitante"],
    ["registered", "registrada", "enregistrée", "registrada"],
    ["candidate", "candidata", "candidate", "candidata"],
    ["affiliate", "afiliada", "affiliée", "afiliada"],
    ["suspended", "suspendida", "suspendue", "suspensa"],
    ["lapsed", "caducada", "expirée", "caducada"],
];

const CAUSES: [[&str; 4]; 3] = [
    ["abuse", "abuso", "abus", "abuso"],
    ["overdue", "plazo vencido", "délai dépassé", "prazo vencido"],
    ["incident", "incidente", "incident", "incidente"],
];

const MODULES: [[&str; 4]; 5] = [
    ["scope", "alcance", "périmètre", "âmbito"],
    ["legitimacy", "legitimidad", "légitimité", "legitimidade"],
    [
        "abuses that end trade at once",
        "abusos que ponen fin al comercio de inmediato",
        "abus qui mettent fin au commerce tout de suite",
        "abusos que encerram o comércio de imediato",
    ],
    [
        "risks to be mended in time",
        "riesgos por corregir a tiempo",
        "risques à corriger à temps",
        "riscos a corrigir a tempo",
    ],
    [
        "improvement, level by level",
        "mejora, nivel por nivel",
        "amélioration, niveau par niveau",
        "melhoria, nível por nível",
    ],
];

const PILLARS: [[&str; 4]; 4] = [
    ["organizational", "organización", "organisation", "organização"],
    ["environmental", "medio ambiente", "environnement", "meio ambiente"],
    ["social", "social", "social", "social"],
    ["governance", "gobernanza", "gouvernance", "governança"],
];

const ASSURANCES: [[&str; 4]; 4] = [
    [
        "self-reported",
        "dicho por ella misma",
        "dit par elle-même",
        "dito por ela mesma",
    ],
    [
        "implementer",
        "ejecutor de un programa",
        "exécutant d'un programme",
        "executor de um programa",
    ],
    ["monitor", "observador", "observateur", "observador"],
    [
        "third party",
        "tercero independiente",
        "tiers indépendant",
        "terceiro independente",
    ],
];

const FRESHNESS: [[&str; 4]; 3] = [
    ["fresh", "reciente", "récente", "recente"],
    ["stale", "antigua", "ancienne", "antiga"],
    ["unassessed", "sin evaluar", "non évaluée", "não avaliada"],
];

const MILESTONES: [[&str; 4]; 4] = [
    [
        "nobody reported on it",
        "nadie ha informado sobre ello",
        "personne n'en a rendu compte",
        "ninguém informou sobre isso",
    ],
    ["started", "empezado", "commencé", "começado"],
    ["done", "hecho", "fait", "feito"],
    ["dropped", "abandonado", "abandonné", "abandonado"],
];

const PLAN_OUTCOMES: [[&str; 4]; 3] = [
    ["achieved", "logrado", "réalisé", "alcançado"],
    ["abandoned", "abandonado", "abandonné", "abandonado"],
    ["replaced", "sustituido", "remplacé", "substituído"],
];

const CATEGORIES: [[&str; 4]; 16] = [
    [
        "child labour",
        "trabajo infantil",
        "travail des enfants",
        "trabalho infantil",
    ],
    ["forced labour", "trabajo forzoso", "travail forcé", "trabalho forçado"],
    ["torture", "tortura", "torture", "tortura"],
    [
        "gross violation",
        "violación grave de derechos humanos",
        "violation grave des droits humains",
        "violação grave de direitos humanos",
    ],
    ["war crime", "crimen de guerra", "crime de guerre", "crime de guerra"],
    ["armed group", "grupo armado", "groupe armé", "grupo armado"],
    [
        "security forces",
        "fuerzas de seguridad",
        "forces de sécurité",
        "forças de segurança",
    ],
    ["bribery", "soborno", "corruption", "suborno"],
    [
        "origin fraud",
        "fraude de origen",
        "fraude sur l'origine",
        "fraude de origem",
    ],
    [
        "money laundering",
        "lavado de dinero",
        "blanchiment d'argent",
        "lavagem de dinheiro",
    ],
    [
        "taxes unpaid",
        "impuestos impagos",
        "impôts impayés",
        "impostos não pagos",
    ],
    ["accident", "accidente", "accident", "acidente"],
    ["environment", "medio ambiente", "environnement", "meio ambiente"],
    ["community", "comunidad", "communauté", "comunidade"],
    ["theft", "robo", "vol", "roubo"],
    ["other", "otro", "autre", "outro"],
];

const CONFIDENCES: [[&str; 4]; 3] = [
    ["allegation", "alegación", "allégation", "alegação"],
    [
        "founded suspicion",
        "sospecha fundada",
        "soupçon fondé",
        "suspeita fundada",
    ],
    ["known", "establecido", "établi", "estabelecido"],
];

const SEVERITIES: [[&str; 4]; 3] = [
    ["minor", "menor", "mineur", "menor"],
    ["serious", "grave", "grave", "grave"],
    ["critical", "crítico", "critique", "crítico"],
];

const INCIDENT_OUTCOMES: [[&str; 4]; 3] = [
    ["unfounded", "infundado", "infondé", "infundado"],
    ["remedied", "reparado", "réparé", "reparado"],
    [
        "referred",
        "remitido a otra instancia",
        "transmis à une autre instance",
        "encaminhado a outra instância",
    ],
];

const STEPS: [[&str; 4]; 12] = [
    [
        "mend what fails in module 3, and have it assessed again",
        "corregir lo que falla en el módulo 3 y hacerlo evaluar de nuevo",
        "corriger ce qui échoue au module 3 et le faire évaluer à nouveau",
        "corrigir o que falha no módulo 3 e fazê-lo avaliar de novo",
    ],
    [
        "resolve an incident",
        "resolver un incidente",
        "résoudre un incident",
        "resolver um incidente",
    ],
    [
        "mend what fails in module 4 although its time has run out, and have it assessed again",
        "corregir lo que falla en el módulo 4 aunque su plazo haya vencido, y hacerlo evaluar de nuevo",
        "corriger ce qui échoue au module 4 bien que son délai soit dépassé, et le faire évaluer à nouveau",
        "corrigir o que falha no módulo 4 embora o seu prazo tenha vencido, e fazê-lo avaliar de novo",
    ],
    [
        "publish a report",
        "publicar un informe",
        "publier un rapport",
        "publicar um relatório",
    ],
    [
        "answer a criterion that nobody answered",
        "responder un criterio que nadie respondió",
        "répondre à un critère auquel personne n'a répondu",
        "responder um critério que ninguém respondeu",
    ],
    [
        "meet a criterion that is not met",
        "cumplir un criterio que no se cumple",
        "remplir un critère qui ne l'est pas",
        "cumprir um critério que não está cumprido",
    ],
    [
        "adopt a plan for what fails in module 4",
        "adoptar un plan para lo que falla en el módulo 4",
        "adopter un plan pour ce qui échoue au module 4",
        "adotar um plano para o que falha no módulo 4",
    ],
    [
        "show that what a plan mends got better, before its time runs out",
        "mostrar que mejoró lo que corrige un plan, antes de que venza su plazo",
        "montrer que ce qu'un plan corrige s'est amélioré, avant la fin de son délai",
        "mostrar que melhorou o que um plano corrige, antes que vença o seu prazo",
    ],
    [
        "do what a milestone says, or extend it",
        "hacer lo que dice un hito, o prorrogarlo",
        "faire ce que dit une étape, ou la prolonger",
        "fazer o que diz um marco, ou prorrogá-lo",
    ],
    [
        "answer those who contest",
        "responder a quienes impugnan",
        "répondre à ceux qui contestent",
        "responder a quem contesta",
    ],
    [
        "have a stale answer assessed again",
        "hacer evaluar de nuevo una respuesta antigua",
        "faire évaluer à nouveau une réponse ancienne",
        "fazer avaliar de novo uma resposta antiga",
    ],
    [
        "have an answer that rests on its own word looked at by others",
        "hacer que otros miren una respuesta que solo se apoya en su propia palabra",
        "faire regarder par d'autres une réponse qui ne repose que sur sa propre parole",
        "fazer com que outros olhem uma resposta que só se apoia na própria palavra",
    ],
];

const CONSEQUENCES: [[&str; 4]; 8] = [
    [
        "nobody may trade with it",
        "nadie puede comerciar con ella",
        "personne ne peut commercer avec elle",
        "ninguém pode comerciar com ela",
    ],
    [
        "nobody may trade with it once the clock has run out",
        "nadie podrá comerciar con ella cuando venza el plazo",
        "personne ne pourra commercer avec elle une fois le délai dépassé",
        "ninguém poderá comerciar com ela quando vencer o prazo",
    ],
    [
        "its standing has lapsed, or lapses once the clock has run out",
        "su estado ha caducado, o caduca cuando venza el plazo",
        "son statut a expiré, ou expire une fois le délai dépassé",
        "a sua situação caducou, ou caduca quando vencer o prazo",
    ],
    [
        "it does not come to the next standing",
        "no llega al siguiente estado",
        "elle n'arrive pas au statut suivant",
        "não chega à situação seguinte",
    ],
    [
        "buyers see a plan behind its time",
        "los compradores ven un plan atrasado",
        "les acheteurs voient un plan en retard",
        "os compradores veem um plano atrasado",
    ],
    [
        "buyers see that it is doubted",
        "los compradores ven que está en duda",
        "les acheteurs voient que c'est mis en doute",
        "os compradores veem que há dúvida",
    ],
    [
        "buyers see that it is old",
        "los compradores ven que es antiguo",
        "les acheteurs voient que c'est ancien",
        "os compradores veem que é antigo",
    ],
    [
        "buyers see that it rests on its own word",
        "los compradores ven que se apoya en su propia palabra",
        "les acheteurs voient que cela repose sur sa propre parole",
        "os compradores veem que se apoia na própria palavra",
    ],
];

const UNITS: [[&str; 4]; 10] = [
    ["people", "personas", "personnes", "pessoas"],
    ["items", "cosas", "choses", "coisas"],
    ["occurrences", "sucesos", "événements", "ocorrências"],
    ["days", "días", "jours", "dias"],
    ["hours", "horas", "heures", "horas"],
    ["mg", "mg", "mg", "mg"],
    ["ml", "ml", "ml", "ml"],
    ["m²", "m²", "m²", "m²"],
    ["Wh", "Wh", "Wh", "Wh"],
    ["ppm", "ppm", "ppm", "ppm"],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rpc::progress::{
        AssessmentKind, Attribution, CauseKind, Confidence, Consequence, FreshnessState, IncidentCategory,
        IncidentOutcome, MilestoneState, NextStepKind, PartyKind, Pillar, PlanOutcome, Severity, Standing, Unit,
    };

    use super::{ROWS, Tongue, Word, word};
    use crate::show::{assurance, in_words};

    fn placeholders(phrase: &str) -> BTreeSet<&str> {
        let parts = phrase.split('{').skip(1);
        parts.map(|part| part.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn every_language_names_the_same_things_in_a_phrase() {
        for (name, phrases) in ROWS {
            let [en, rest @ ..] = phrases.map(placeholders);
            assert!(rest.iter().all(|other| *other == en), "{name}");
            assert!(phrases.iter().all(|phrase| !phrase.is_empty()), "{name}");
        }
    }

    /// Every value of an enum has a name in every language, and in English the one that all verbs give it.
    #[track_caller]
    fn check(of: Word, prefix: &str, names: &[&str]) {
        for (value, name) in (1..).zip(names) {
            assert_eq!(word(of, value, Tongue::En), in_words(name, prefix), "{name}");
            for tongue in Tongue::ALL {
                assert_ne!(word(of, value, tongue), "–", "{name}");
            }
        }
        assert_eq!(word(of, i32::try_from(names.len()).unwrap() + 1, Tongue::En), "–");
    }

    /// The names of an enum's values after the unspecified one.
    macro_rules! names {
        ($of:ty) => {
            &(1..64)
                .map_while(|value| <$of>::try_from(value).ok())
                .map(|value| value.as_str_name())
                .collect::<Vec<_>>()
        };
    }

    #[test]
    fn a_value_is_called_as_every_verb_calls_it() {
        check(Word::PartyKind, "PARTY_KIND_", names!(PartyKind));
        check(Word::Standing, "STANDING_", names!(Standing));
        check(Word::Cause, "CAUSE_KIND_", names!(CauseKind));
        check(Word::Pillar, "PILLAR_", names!(Pillar));
        check(Word::Freshness, "FRESHNESS_STATE_", names!(FreshnessState));
        check(Word::PlanOutcome, "PLAN_OUTCOME_", names!(PlanOutcome));
        check(Word::Category, "INCIDENT_CATEGORY_", names!(IncidentCategory));
        check(Word::Confidence, "CONFIDENCE_", names!(Confidence));
        check(Word::Severity, "SEVERITY_", names!(Severity));
        check(Word::IncidentOutcome, "INCIDENT_OUTCOME_", names!(IncidentOutcome));
        check(Word::Milestone, "MILESTONE_STATE_", names!(MilestoneState));
        for kind in names!(AssessmentKind) {
            let kind = AssessmentKind::from_str_name(kind).unwrap().into();
            let attribution = Attribution {
                kind,
                ..Attribution::default()
            };
            assert_eq!(word(Word::Assurance, kind, Tongue::En), assurance(&attribution));
        }
    }

    #[test]
    fn every_value_that_only_reports_name_has_a_name() {
        let counts = [
            (Word::Step, names!(NextStepKind).len()),
            (Word::Consequence, names!(Consequence).len()),
            (Word::Unit, names!(Unit).len()),
            (Word::Module, 5),
        ];
        for (of, count) in counts {
            for value in 1..=i32::try_from(count).unwrap() {
                assert_ne!(word(of, value, Tongue::En), "–", "{of:?} {value}");
            }
        }
    }
}
