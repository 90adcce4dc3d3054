//! The sentence around a seed: who stands in it, what ties the seed to them, and what makes it a topic.
//!
//! Takes a place in the text; gives the sentence's range and the words in it that count. It reads only that sentence, and only when a seed
//! has been found there, so that short words such as `ik` and `zij` cost nothing elsewhere.

use crate::detect::groups::Groups;
use crate::detect::keywords::{Keywords, Words};
use crate::detect::prefilter::{Hit, Trace, is_word, trace};
use crate::detect::sight::Sight;
use std::ops::Range;
use std::sync::LazyLock;

/// A title: a name, or the person meant.
pub(super) const TITLE: Groups = 1;
/// One person in a role: client, suspect, pupil.
pub(super) const ROLE: Groups = 1 << 1;
/// A relative, who is a certain person when someone's.
pub(super) const RELATIVE: Groups = 1 << 2;
/// He, she, him, her.
pub(super) const THIRD: Groups = 1 << 3;
/// I.
pub(super) const FIRST: Groups = 1 << 4;
/// My, our.
pub(super) const MINE: Groups = 1 << 5;
/// You, your: a person in a letter, anybody in a brochure.
pub(super) const YOU: Groups = 1 << 6;
/// A verb or preposition that ties a fact to a person.
pub(super) const TIE: Groups = 1 << 7;
/// Can, must: possibilities and duties rather than facts.
pub(super) const MODAL: Groups = 1 << 8;
/// Policy, figures, education, law.
pub(super) const TOPIC: Groups = 1 << 9;
/// Groups of people.
pub(super) const MANY: Groups = 1 << 10;
/// Whoever, everyone, if.
pub(super) const ANYONE: Groups = 1 << 11;
/// Someone who works with the subject.
pub(super) const WORKER: Groups = 1 << 12;
/// An office held in public.
pub(super) const OFFICE: Groups = 1 << 13;
/// Membership and choice.
pub(super) const MEMBER: Groups = 1 << 14;
/// Origin.
pub(super) const ORIGIN: Groups = 1 << 15;
/// Going to, being active in.
pub(super) const PRACTICE: Groups = 1 << 16;
/// Somebody's: his, her.
pub(super) const THEIRS: Groups = 1 << 17;
/// A, each: the next word is nobody in particular.
pub(super) const ARTICLE: Groups = 1 << 18;
/// A child.
pub(super) const CHILD: Groups = 1 << 19;
/// Verbs of the first person.
pub(super) const AM: Groups = 1 << 20;
/// A request to the tool, or speaking about a text.
pub(super) const REQUEST: Groups = 1 << 21;
/// Was told, was found, as it stands in reports.
pub(super) const REPORT: Groups = 1 << 22;

const WORDS: &[Words] = &[
    Words(TITLE, "mevrouw, mevr, mw, mvr, meneer, mijnheer, dhr, heer, mr, mrs, ms, miss"),
    Words(
        ROLE,
        "cliënt, cliënte, client, cliente, cl, leidinggevende, klant, betrokkene, verdachte, aanvrager, aanvraagster, verzoeker, verzoekster, patiënt, patiënte, patient, pt, bewoner, bewoonster, huurder, huurster, leerling, leerlinge, inwoner, inwoonster, belanghebbende, melder, meldster, slachtoffer, \
         jeugdige, minderjarige, medewerker, medewerkster, werknemer, werkneemster, collega, kandidaat, sollicitant, sollicitante, statushouder, asielzoeker, vluchteling, bezwaarmaker, appellant, eiser, eiseres, gedaagde, debiteur, schuldenaar, pupil, pleegkind, pleegdochter, pleegzoon, buurman, buurvrouw, buurjongen, \
         buurmeisje, student, studente, stagiair, stagiaire, deelnemer, deelneemster, zorgvrager, hulpvrager, uitkeringsgerechtigde, bijstandsgerechtigde, rechthebbende, veroordeelde, dader, pleger, ondergetekende, cursist, gedetineerde, wn, bz, btr, mantelzorger, ambtenaar, \
         applicant, claimant, tenant, resident, employee, colleague, suspect, victim, neighbour, neighbor, service user, candidate, subject",
    ),
    Words(
        RELATIVE,
        "moeder, vader, zoon, zoontje, dochter, dochtertje, kind, kindje, baby, partner, echtgenoot, echtgenote, vriend, vriendin, broer, broertje, zus, zusje, oma, opa, ex, ex-man, ex-vrouw, ex-partner, ex-vriend, stiefvader, stiefmoeder, stiefzoon, stiefdochter, neef, nicht, oom, tante, man, vrouw, ouders, gezin, kinderen, kids, jongste, oudste, tweeling, familie, \
         jongen, meisje, schoonmoeder, schoonvader, kleinzoon, kleindochter, mother, father, son, daughter, child, husband, wife, brother, sister, partner, boyfriend, girlfriend, parents, family, boy, girl",
    ),
    Words(
        CHILD,
        "kind, kindje, zoon, zoontje, dochter, dochtertje, jongen, jongetje, meisje, kleinzoon, kleindochter, leerling, leerlinge, pupil, broertje, zusje, baby, peuter, kleuter, minderjarige, jeugdige, kinderen, pleegkind, pleegdochter, pleegzoon, stiefzoon, stiefdochter, scholier, scholiere, tiener, puber, nichtje, neefje, \
         tweeling, son, daughter, child, boy, girl, kid, children, student, toddler, groep, klas, school, basisschool, year",
    ),
    Words(
        THIRD,
        "hij, zij, ze, hem, haar, he, she, him, her, his, hers, diens, hen, die man, die vrouw, de man, de vrouw, deze man, deze vrouw, the man, the woman",
    ),
    Words(THEIRS, "zijn, haar, z'n, d'r, diens, his, her, their, hun, onze, mijn, ons, m'n, my, our, uw"),
    Words(FIRST, "ik, ikzelf, mij, mezelf, i, me, myself, i'm, i've, 'k, wij, we"),
    Words(MINE, "mijn, m'n, onze, ons, my, our"),
    Words(YOU, "u, uw, je, jij, jouw, jou, you, your, uzelf"),
    Words(
        AM,
        "ben, heb, was, had, werd, word, zit, zat, slik, gebruik, krijg, kreeg, lijd, sta, stond, leef, kamp, ontvang, am, have, had, was, suffer, take, i'm, i've, been, got, hebben, moest, woon, stem, bid, slaap, loop, raakte, ga, durf, mag niet, kan niet, can't, cannot",
    ),
    Words(
        TIE,
        "binnengekregen, weigert, spijbelt, komt uit, ontkent, staat te boek, wacht, verlengd, heeft, had, hebben, hadden, is, was, wordt, werd, werden, zit, zat, zitten, geweest, kreeg, krijgt, kregen, gekregen, lijdt, leed, slikt, slikte, gebruikt, gebruikte, kampt, kampte, ontvangt, ontving, ontvangen, staat, stond, bekend met, onder, wegens, vanwege, door, sinds, na, n.a.v, gediagnosticeerd, diagnose, behandeld, opgenomen, aangemeld, gemeld, \
         blijkt, bleek, belandde, raakte, geraakt, loopt, liep, woont, verblijft, verbleef, geplaatst, opgelegd, uitgesproken, gesteld, verdacht, verzuimt, zegt, vertelt, vertelde, geeft aan, gaf aan, heb, ben, moest, durft, volgt, volgde, gevolgd, doorverwezen, verwezen, afhankelijk, last van, i.v.m, ivm, t.g.v, mbt, dreigt, dreigde, overleeft, overleefde, meldt, meldde, loste, aflost, betaalt, betaald, \
         afgelost, aangevraagd, vraagt aan, toegekend, afgewezen, maakt, maakte, deed, gedaan, uitgezeten, werkt niet, gestopt, gokt, drinkt, rookt, blowt, dronk, verloor, verloren, overleden aan, overleed aan, hersteld, herstelt, herstellende, betrokken bij, betrokken, erkend, bevestigd, vastgesteld, geconstateerd, \
         has, had, have, was, were, been, being, suffers, suffering, takes, received, receives, got, diagnosed, treated, admitted, living with, lives, since, because of, due to, under, owes, placed, reported, referred, struggling, struggles, released, served, sentenced, am, suffer, uses, recovering, attends, cannot, after, bipolar",
    ),
    Words(MODAL, "kan, kunnen, kunt, moet, moeten, mag, mogen, zou, zouden, dient, dienen, can, may, should, must, could, might"),
    Words(
        TOPIC,
        "verstaan, beleid*, verordening*, beleidsregel*, regeling*, doelgroep*, procent, percent, percentage*, aandeel, stadsmonitor*, monitor, gezondheidsmonitor*, regiovisie*, visie, campagne*, preventie*, preventief, voorlichting*, onderzoeksrapport, cijfers, jaarcijfers, statistiek*, enquete, enquête, privacyverklaring*, persbericht*, vacature*, wetsvoorstel*, wetgeving*, \
         artikel, art, huishoudens, training*, workshop*, cursus*, symposium, congres, webinar, lezing*, themabijeenkomst*, informatieavond*, informatiebijeenkomst*, inloopspreekuur, spreekuur, nota, kadernota, uitvoeringsprogramma*, begroting*, jaarrekening*, subsidie*, aanbesteding*, pilot, project, projectplan*, convenant*, protocol*, handreiking*, handleiding*, richtlijn*, werkinstructie*, factsheet*, folder*, \
         brochure*, website, nieuwsbrief*, podcast, documentaire, het boek, een boek, boeken, notitie, quiz, toespraak, film, expositie, tentoonstelling, voorstelling, concert, museum, monument*, begraafplaats*, evenement*, festival*, themaweek*, week van, dag van, dag tegen, internationale dag, aanpak, programma, stappenplan*, toolkit, folder, lesprogramma*, lespakket*, thema, onderwerp, wet, wetboek, meldcode, ketenpartners, samenwerkingsverband, \
         motie, amendement, raadsvragen, raadsbrief, raadsvoorstel, collegebesluit, raadsinformatiebrief, coalitieakkoord, landelijk, gemiddeld, gemiddelde, trend, stijging, daling, toename, afname, steeds meer, aantal, aantallen, meeste, helft, kwart, onder andere, inloop, loket, vragenlijst, beleidsadviseur, definitie, betekent, begrip, theorie, literatuur, \
         policy, policies, survey, percentages, percentage, percent, regulation, campaign, guideline, guidelines, training, course, lecture, article, report on, statistics, figures, awareness, research, study, leaflet, conference, programme, annual report, average, increase, decrease, number of, budget, act, on average, essay, thesis, scriptie, werkstuk, blog, blogpost, infographic",
    ),
    Words(
        MANY,
        "inwoners, mensen, jongeren, ouderen, cliënten, patiënten, gezinnen, personen, slachtoffers, daders, verdachten, leerlingen, medewerkers, werknemers, burgers, statushouders, gedetineerden, huurders, klanten, volwassenen, deelnemers, vrijwilligers, professionals, aanvragers, betrokkenen, jeugdigen, studenten, scholieren, kandidaten, sollicitanten, vluchtelingen, asielzoekers, migranten, \
         nederlanders, gemeenten, organisaties, instellingen, gelovigen, minderjarigen, vrouwen, mannen, ouders met, ouders die, kinderen met, kinderen die, kinderen uit, kinderen in, kinderen van, moslims, bezoekers, leden, bewoners, gebruikers, ouders, collega's, schuldenaren, huishoudens, mantelzorgers, werkgevers, collega-gemeenten, meisjes, jongens, dak- en thuislozen, daklozen, \
         people, residents, clients, patients, families, employees, adults, victims, citizens, youngsters, students, households, women, men, individuals, tenants, applicants, those, refugees, minorities, communities, volunteers, members of",
    ),
    Words(
        ANYONE,
        "wie, degene, degenen, diegene, iemand, iedereen, men, als u, als je, als jij, als iemand, als er, als een, als de, als het, als mensen, als men, indien, wanneer u, wanneer je, wanneer iemand, wanneer een, wanneer er, zodra, eventueel, eventuele, mogelijk, bijvoorbeeld, zoals, een ieder, terecht, welke, hoe, wat, waarom, heeft u, bent u, kunt u, wilt u, hebt u, heb je, ben je, zit u, zit je, krijgt u, hulp bij, vragen over, informatie over, meer weten, recht op, gratis, meld u aan, gesprekken over, mening over, \
         whoever, anyone, everyone, somebody, someone, if, whether, such as, how, what, are you, do you, have you, help with, information about, for example, e.g, any",
    ),
    Words(
        WORKER,
        "beleidsmedewerker, beleidsadviseur, adviseur, consulent, projectleider, programmamanager, coördinator, coordinator, docent, docente, trainer, arts, voorzitter, hulpverlener, hulpverleners, deskundige, onderzoeker, specialist, teamleider, manager, medewerker van, medewerker bij, werkt bij, werkt als, werkzaam bij, werkzaam als, werkte bij, namens, spreker, auteur, hoogleraar, lector, directeur, wethouder, \
         burgemeester, trainster, gastspreker, vrijwilliger, ervaringsdeskundige, journalist, bestuurder, bestuurslid, secretaris, ambassadeur, onderhandelaar, functie, team, afdeling, stichting, vereniging, expert, works for, works at, works as, speaker, author, professor, on behalf of, researcher, adviser, advisor, director, officer for",
    ),
    Words(
        OFFICE,
        "raadslid, raadsleden, wethouder, burgemeester, fractie, fractievoorzitter, fractieleider, fracties, kamerlid, tweede kamerlid, statenlid, minister, staatssecretaris, lijsttrekker, partijleider, burgerraadslid, commissielid, gedeputeerde, europarlementariër, coalitie, oppositie, motie, amendement, verkiezingen, verkiezing, zetels, zetel, raadsfractie, eenmansfractie, debat, councillor, alderman, mayor, \
         minister, election, elections, party leader, college van",
    ),
    Words(
        MEMBER,
        "lid, kaderlid, lid van, partijlid, stemt, stemde, stem, gestemd, actief voor, actief bij, actief in, actief, flyert, flyerde, folderde, canvast, kandidaat voor, kandideert, kandidaat, sympathisant, sympathiseert, aanhanger, aangesloten, sloot zich aan, aansluiten bij, staat op, stond op, contributie, bestuurslid, staakt, staakte, gestaakt, meegestaakt, opgezegd, lidmaatschap, vrijwilliger bij, campagne, \
         bijgestaan, bijstaan, vertegenwoordigd, belangenbehartiger, gesteund, loopt mee, liep mee, meegelopen, organisator, organiseert, deelgenomen, member, votes, voted, vote, joined, active in, active for, supporter, canvasses, campaigned, campaigns, striking, on strike, affiliated, belongs to, rep, lidmaatschapsnummer",
    ),
    Words(
        ORIGIN,
        "komt uit, komt uit een, gezin, afkomst, komaf, origine, roots, wortels, achtergrond, familie, ouders, minderheid, gemeenschap, bevolkingsgroep, stam, etnisch, etnische, etniciteit, voelt zich, is een, identificeert, behoort tot, behoren tot, is van, is half, half, herkomst, vader is, moeder is, geboren, bloed, discriminatie, gediscrimineerd, uitgescholden, \
         descent, origin, heritage, background, ethnicity, ethnic, parents, family, minority, born",
    ),
    Words(
        PRACTICE,
        "bezoekt, bezocht, gaat naar, gaat elke, gaat iedere, ging naar, gaat wekelijks, gaat, actief in, actief, lid van, lid, bidt, bad, bidden, vast, gelooft, gelovig, praktiserend, praktiserende, opgevoed, bekeerd, bekeerde, bekeert, bekeren, toegetreden, getrouwd in, gedoopt, overtuigd, streng, aanhanger, zingt in, zingt, vraagt, weigert, vrij voor, vanwege, wegens, uit geloofsoverwegingen, om religieuze, belijdt, toebehoren, behoort tot, van huis uit, hangt, bezoek aan, komt in, \
         attends, goes to, member, converted, practising, practicing, prays, raised, devout, active in, was raised, follows, belongs",
    ),
    Words(ARTICLE, "een, elke, iedere, ieder, per, a, an, any, every, each, geen enkele"),
    Words(
        REQUEST,
        "schrijf, maak, geef, vat, samenvatting, samenvatten, leg uit, uitleg, bedenk, verzin, stel, vertaal, brainstorm, presentatie, write, summarise, summarize, explain, draft, translate",
    ),
    Words(
        REPORT,
        "blijkt, vertelt, vertelde, verklaart, verklaarde, meldt, meldde, geeft aan, gaf aan, gemeld, volgens, schrijft, schreef, aangegeven, verteld, besproken, bekend, states, told, reports, disclosed, mentioned, said",
    ),
];

static CONTEXT: LazyLock<Keywords> = LazyLock::new(|| Keywords::new(WORDS.iter().copied()));

/// Words before a full stop that do not end a sentence.
const SHORT: &[&str] = &[
    "mw", "mevr", "dhr", "cl", "pt", "geb", "drs", "mr", "ir", "dr", "prof", "ing", "o.a", "bijv", "bv", "evt", "ca", "incl", "excl", "nr",
    "art", "tel", "m.b.t", "i.v.m", "d.d", "dd", "jl", "vs", "st", "mrs", "ms", "mvr", "bc", "ds", "fam", "zgn", "resp", "nl", "ggd", "gr",
    "wv", "h.t", "n.a.v", "o.b.v", "t.a.v", "t.g.v", "m.i.v", "i.o.m", "t/m", "jr", "wo", "v", "d", "red",
];
const REACH: usize = 400;
/// A line this long is broken by its width, not by its writer.
const WRAPPED: usize = 55;

/// The sentence around a place, or the row or line where there is none.
pub(in crate::detect::detectors) fn sentence(sight: &Sight<'_>, at: usize) -> Range<usize> {
    let mut line = sight.around(at, REACH);
    let whole = sight.line(at);
    // A sentence that was broken over two lines by the width of a mail.
    if line.start == whole.start && line.start > 0 {
        let above = sight.line(line.start - 1);
        if above.len() >= WRAPPED && above.len() <= REACH && runs_on(sight, above.end, line.start) {
            line.start = above.start;
        }
    }
    if line.end == whole.end && whole.len() >= WRAPPED && runs_on(sight, line.end, line.end + 1) {
        let below = sight.around((line.end + 1).min(sight.bytes.len()), REACH);
        line.end = below.end.max(line.end);
    }
    let mut marks_before = memchr::memrchr3_iter(b'.', b'?', b'!', &sight.bytes[line.start..at]).map(|found| line.start + found);
    let mut marks_after = memchr::memchr3_iter(b'.', b'?', b'!', &sight.bytes[at..line.end]).map(|found| at + found);
    let start = marks_before.find(|&place| ends(sight, place)).map_or(line.start, |place| place + 1);
    let end = marks_after.find(|&place| ends(sight, place)).map_or(line.end, |place| place + 1);
    start..end
}

/// The line goes on in small letters below.
fn runs_on(sight: &Sight<'_>, end: usize, next: usize) -> bool {
    let last = sight.bytes[..end].trim_ascii_end().last().copied().unwrap_or(b'.');
    let first = sight.byte(next);
    (is_word(last) || last == b',') && (first.is_ascii_lowercase() || first.is_ascii_uppercase() && last == b',')
}

/// A full stop, question or exclamation mark that ends a sentence; not that of an initial or an abbreviation.
fn ends(sight: &Sight<'_>, place: usize) -> bool {
    let mark = sight.byte(place);
    if !matches!(mark, b'.' | b'?' | b'!') || !matches!(sight.byte(place + 1), b' ' | b'\r' | b'\n' | b'"') {
        return false;
    }
    if mark != b'.' {
        return true;
    }
    let before = &sight.bytes[place.saturating_sub(8)..place];
    let from = before.iter().rposition(|&byte| !is_word(byte) && byte != b'.' && byte != b'/').map_or(0, |found| found + 1);
    let word = &before[from..];
    let initial = word.len() == 1 || word.len() <= 6 && word.len() >= 2 && word[word.len() - 2] == b'.';
    !initial && !SHORT.iter().any(|short| short.as_bytes().eq_ignore_ascii_case(word))
}

/// A sentence with the words in it that count; places are those of the text.
pub(super) struct Around {
    pub range: Range<usize>,
    pub groups: Groups,
    pub hits: Vec<Hit>,
    /// It asks.
    pub question: bool,
    pub percent: bool,
}

impl Around {
    pub fn new(sight: &Sight<'_>, range: Range<usize>) -> Self {
        let text = sight.text.get(range.clone()).unwrap_or("");
        let Trace { mut hits, present, .. } = trace(text, &CONTEXT, None);
        for hit in &mut hits {
            hit.start += range.start;
            hit.end += range.start;
        }
        let question = text.trim_end().ends_with('?');
        Self { groups: present, hits, question, percent: text.contains('%'), range }
    }

    pub fn has(&self, groups: Groups) -> bool {
        self.groups & groups != 0
    }

    pub fn of(&self, groups: Groups) -> impl DoubleEndedIterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.groups & groups != 0)
    }
}
