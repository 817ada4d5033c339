//! What an assessment says around the questions, in the languages of catalogues. The translations other than English are
//! drafts, as those of the catalogues are.

use catalogue::Language;
use event::vocabulary::{Answer, AssessmentKind};

/// The phrases of one language.
#[derive(Debug)]
pub(crate) struct Phrases {
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) partly: &'static str,
    pub(crate) observed: &'static str,
    pub(crate) none_observed: &'static str,
    pub(crate) level: &'static str,
    pub(crate) not_applicable: &'static str,
    pub(super) not_asked: &'static str,
    pub(super) why: &'static str,
    pub(super) number: &'static str,
    pub(super) words: &'static str,
    pub(super) photo: &'static str,
    pub(super) evidence: &'static str,
    pub(super) subject: &'static str,
    pub(super) kind: &'static str,
    /// In the order of [`AssessmentKind::ALL`].
    pub(super) kinds: [&'static str; 4],
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) about: &'static str,
    pub(super) other_questions: &'static str,
    pub(super) indicators: &'static str,
    /// What can be typed at every question.
    pub(super) keys: &'static str,
    pub(super) no_answer: &'static str,
    pub(super) so_far: &'static str,
    pub(super) unanswered: &'static str,
    pub(super) end: &'static str,
    /// Before a name.
    pub(super) in_the_name_of: &'static str,
    pub(super) sign: &'static str,
}

impl Phrases {
    /// Every language, in the order of [`Language::ALL`].
    pub(super) const ALL: [&'static Self; 5] = [&EN, &ES, &FR, &PT, &SW];

    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Es => &ES,
            Language::Fr => &FR,
            Language::Pt => &PT,
            Language::Sw => &SW,
        }
    }

    /// What a language is called in itself, as the columns of a form name it.
    pub(super) const fn language_name(language: Language) -> &'static str {
        match language {
            Language::En => "English (en)",
            Language::Es => "Español (es)",
            Language::Fr => "Français (fr)",
            Language::Pt => "Português (pt)",
            Language::Sw => "Kiswahili (sw)",
        }
    }

    pub(super) const fn kind_words(&self, kind: AssessmentKind) -> &'static str {
        self.kinds[kind as usize]
    }

    /// Whether a line agrees: in this language, or by the `yes` of every other verb.
    pub(super) fn agrees(&self, line: &str) -> bool {
        let line = line.to_lowercase();
        line == "yes" || line == self.yes.to_lowercase()
    }

    /// What an answer is called for people.
    pub(super) fn answer(&self, answer: &Answer) -> String {
        match answer {
            Answer::Pass => self.yes.to_owned(),
            Answer::Fail => self.no.to_owned(),
            Answer::Progress => self.partly.to_owned(),
            Answer::Observed => self.observed.to_owned(),
            Answer::NoneObserved => self.none_observed.to_owned(),
            Answer::Level(level) => format!("{} {level}", self.level),
            Answer::Count(count) => count.to_string(),
            Answer::Words(words) => words.to_string(),
            Answer::NotApplicable(why) => format!("{}: {why}", self.not_applicable),
        }
    }

    /// In which words a person may give an answer, in lower case.
    pub(super) fn spoken(&self, answer: &Answer) -> Vec<String> {
        let words: Vec<String> = match answer {
            Answer::Pass => vec![self.yes.to_owned()],
            Answer::Fail => vec![self.no.to_owned()],
            // The words before the comma are enough: "partly, and better than before".
            Answer::Progress => vec![self.partly.split(',').next().unwrap_or_default().to_owned()],
            Answer::Observed | Answer::NoneObserved | Answer::Level(_) => vec![self.answer(answer)],
            Answer::Count(_) | Answer::Words(_) | Answer::NotApplicable(_) => Vec::new(),
        };
        words.iter().map(|words| words.to_lowercase()).collect()
    }
}

static EN: Phrases = Phrases {
    yes: "Yes",
    no: "No",
    partly: "Partly, and better than before",
    observed: "Seen",
    none_observed: "Looked for and not seen",
    level: "Level",
    not_applicable: "Does not apply",
    not_asked: "not asked",
    why: "Why does it not apply?",
    number: "a whole number",
    words: "a few words",
    photo: "A photo that supports it",
    evidence: "Path of a file that supports it; only its digest leaves this machine. Empty: no more.",
    subject: "Who is assessed? An organization's id (org-…) or a site's (site-…).",
    kind: "Who assesses?",
    kinds: [
        "The organization itself",
        "Who carries out a programme with it",
        "Who observes for others",
        "An independent assessor",
    ],
    from: "First day that it speaks about (2026-05-31)",
    to: "Last day that it speaks about (2026-05-31)",
    about: "About this assessment",
    other_questions: "Other questions",
    indicators: "Figures",
    keys: "x does not apply · - not asked · + evidence · < back · =NUMBER go to · ? explain · q save and stop",
    no_answer: "That is no answer here. Type the number of a choice, or its words.",
    so_far: "answered",
    unanswered: "Not asked",
    end: "That was the last question. Type yes to go on to signing, < to go back, =NUMBER to change an answer, q to stop.",
    in_the_name_of: "In the name of",
    sign: "Sign this? Type yes:",
};

static ES: Phrases = Phrases {
    yes: "Sí",
    no: "No",
    partly: "En parte, y mejor que antes",
    observed: "Visto",
    none_observed: "Buscado y no visto",
    level: "Nivel",
    not_applicable: "No se aplica",
    not_asked: "no preguntado",
    why: "¿Por qué no se aplica?",
    number: "un número entero",
    words: "unas palabras",
    photo: "Una foto que lo respalde",
    evidence: "Ruta de un archivo que lo respalde; solo su resumen digital sale de esta máquina. Vacío: no hay más.",
    subject: "¿A quién se evalúa? El identificador de una organización (org-…) o de un sitio (site-…).",
    kind: "¿Quién evalúa?",
    kinds: [
        "La propia organización",
        "Quien ejecuta un programa con ella",
        "Quien observa para otros",
        "Un evaluador independiente",
    ],
    from: "Primer día del que habla (2026-05-31)",
    to: "Último día del que habla (2026-05-31)",
    about: "Sobre esta evaluación",
    other_questions: "Otras preguntas",
    indicators: "Cifras",
    keys: "x no se aplica · - no preguntado · + evidencia · < atrás · =NÚMERO ir a · ? explicar · q guardar y parar",
    no_answer: "Eso no es una respuesta aquí. Escriba el número de una opción, o sus palabras.",
    so_far: "respondidas",
    unanswered: "No preguntado",
    end: "Era la última pregunta. Escriba sí para firmar, < para volver, =NÚMERO para cambiar una respuesta, q para parar.",
    in_the_name_of: "En nombre de",
    sign: "¿Firmar esto? Escriba sí:",
};

static FR: Phrases = Phrases {
    yes: "Oui",
    no: "Non",
    partly: "En partie, et mieux qu'avant",
    observed: "Vu",
    none_observed: "Cherché et non vu",
    level: "Niveau",
    not_applicable: "Ne s'applique pas",
    not_asked: "non demandé",
    why: "Pourquoi cela ne s'applique-t-il pas ?",
    number: "un nombre entier",
    words: "quelques mots",
    photo: "Une photo à l'appui",
    evidence: "Chemin d'un fichier à l'appui ; seule son empreinte quitte cette machine. Vide : plus rien.",
    subject: "Qui est évalué ? L'identifiant d'une organisation (org-…) ou d'un site (site-…).",
    kind: "Qui évalue ?",
    kinds: [
        "L'organisation elle-même",
        "Qui mène un programme avec elle",
        "Qui observe pour d'autres",
        "Un évaluateur indépendant",
    ],
    from: "Premier jour dont il est question (2026-05-31)",
    to: "Dernier jour dont il est question (2026-05-31)",
    about: "À propos de cette évaluation",
    other_questions: "Autres questions",
    indicators: "Chiffres",
    keys: "x ne s'applique pas · - non demandé · + preuve · < retour · =NUMÉRO aller à · ? expliquer · q garder et arrêter",
    no_answer: "Ce n'est pas une réponse ici. Tapez le numéro d'un choix, ou ses mots.",
    so_far: "répondues",
    unanswered: "Non demandé",
    end: "C'était la dernière question. Tapez oui pour signer, < pour revenir, =NUMÉRO pour changer une réponse, q pour arrêter.",
    in_the_name_of: "Au nom de",
    sign: "Signer ceci ? Tapez oui :",
};

static PT: Phrases = Phrases {
    yes: "Sim",
    no: "Não",
    partly: "Em parte, e melhor do que antes",
    observed: "Visto",
    none_observed: "Procurado e não visto",
    level: "Nível",
    not_applicable: "Não se aplica",
    not_asked: "não perguntado",
    why: "Por que não se aplica?",
    number: "um número inteiro",
    words: "algumas palavras",
    photo: "Uma foto que o comprove",
    evidence: "Caminho de um arquivo que o comprove; só o seu resumo digital sai desta máquina. Vazio: não há mais.",
    subject: "Quem é avaliado? O identificador de uma organização (org-…) ou de um local (site-…).",
    kind: "Quem avalia?",
    kinds: [
        "A própria organização",
        "Quem executa um programa com ela",
        "Quem observa para outros",
        "Um avaliador independente",
    ],
    from: "Primeiro dia de que fala (2026-05-31)",
    to: "Último dia de que fala (2026-05-31)",
    about: "Sobre esta avaliação",
    other_questions: "Outras perguntas",
    indicators: "Números",
    keys: "x não se aplica · - não perguntado · + evidência · < voltar · =NÚMERO ir para · ? explicar · q guardar e parar",
    no_answer: "Isso não é uma resposta aqui. Escreva o número de uma opção, ou as suas palavras.",
    so_far: "respondidas",
    unanswered: "Não perguntado",
    end: "Era a última pergunta. Escreva sim para assinar, < para voltar, =NÚMERO para mudar uma resposta, q para parar.",
    in_the_name_of: "Em nome de",
    sign: "Assinar isto? Escreva sim:",
};

static SW: Phrases = Phrases {
    yes: "Ndiyo",
    no: "Hapana",
    partly: "Kwa sehemu, na bora kuliko awali",
    observed: "Imeonekana",
    none_observed: "Imetafutwa na haikuonekana",
    level: "Kiwango",
    not_applicable: "Haihusiki",
    not_asked: "haikuulizwa",
    why: "Kwa nini haihusiki?",
    number: "namba kamili",
    words: "maneno machache",
    photo: "Picha inayothibitisha",
    evidence: "Njia ya faili inayothibitisha; muhtasari wake tu ndio unaotoka kwenye mashine hii. Tupu: basi.",
    subject: "Nani anatathminiwa? Kitambulisho cha shirika (org-…) au cha eneo (site-…).",
    kind: "Nani anatathmini?",
    kinds: [
        "Shirika lenyewe",
        "Anayeendesha mradi pamoja nalo",
        "Anayeangalia kwa niaba ya wengine",
        "Mtathmini huru",
    ],
    from: "Siku ya kwanza inayozungumziwa (2026-05-31)",
    to: "Siku ya mwisho inayozungumziwa (2026-05-31)",
    about: "Kuhusu tathmini hii",
    other_questions: "Maswali mengine",
    indicators: "Takwimu",
    keys: "x haihusiki · - haikuulizwa · + ushahidi · < rudi · =NAMBA nenda · ? eleza · q hifadhi na usimame",
    no_answer: "Hilo si jibu hapa. Andika namba ya chaguo, au maneno yake.",
    so_far: "yamejibiwa",
    unanswered: "Haikuulizwa",
    end: "Hilo lilikuwa swali la mwisho. Andika ndiyo ili kusaini, < kurudi, =NAMBA kubadilisha jibu, q kusimama.",
    in_the_name_of: "Kwa niaba ya",
    sign: "Kusaini hii? Andika ndiyo:",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalogue::Language;
    use event::vocabulary::Scale;

    use super::Phrases;
    use crate::assess::answers::choices;

    #[test]
    fn no_language_calls_two_answers_of_a_scale_by_the_same_words() {
        for (language, phrases) in Language::ALL.into_iter().zip(Phrases::ALL) {
            assert!(std::ptr::eq(Phrases::of(language), phrases));
            for scale in [Scale::PassProgressFail, Scale::Observation, Scale::Level { max: 4 }] {
                let answers = choices(scale);
                let spoken: BTreeSet<_> = answers.iter().flat_map(|answer| phrases.spoken(answer)).collect();
                assert_eq!(spoken.len(), answers.len(), "{language}");
            }
        }
    }
}
