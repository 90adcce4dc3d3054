//! What the sample employees ask: made-up Dutch and English texts from the work of a municipality. Takes nothing, gives a table.
//!
//! Nobody in it exists. The BSNs are from the test range of the RvIG (9999...) or well-known examples, the IBANs are the banks' own
//! examples, and the keys are put together at run time so that they are nobody's. Only text: no decision about it may be written here.

/// One thing an employee asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prompt {
    pub(super) text: &'static str,
    /// File name, where the text goes as an uploaded file.
    pub(super) file: Option<&'static str>,
}

const fn say(text: &'static str) -> Prompt {
    Prompt { text, file: None }
}

const fn upload(file: &'static str, text: &'static str) -> Prompt {
    Prompt { text, file: Some(file) }
}

pub(super) const PROMPTS: &[Prompt] = &[
    // Ordinary work, nothing in it.
    say("Maak deze brief op B1-niveau: wij delen u mede dat uw aanvraag in behandeling is genomen."),
    say("Schrijf een uitnodiging voor de bewonersavond over het nieuwe speelplein."),
    say("Geef drie titels voor een nieuwsbericht over gescheiden afval."),
    say("Vat de Omgevingswet samen in vijf zinnen voor een collega die er niets van weet."),
    say("Wat is het verschil tussen een melding en een vergunning?"),
    say("Bedenk een quiz van tien vragen over informatieveiligheid voor de teamdag."),
    say("Hoe bereken ik in Excel het verschil tussen twee datums in werkdagen?"),
    say("Translate to English: het loket is op Koningsdag gesloten."),
    say("Write a short welcome text for international residents about registering at the town hall."),
    say("Schrijf een vacaturetekst voor een medewerker groenbeheer."),
    say("Welke stappen zitten er in een goed projectplan?"),
    say("Maak een agenda voor een overleg van een uur over de begroting van volgend jaar."),
    say("Leg uit wat een DPIA is, zonder moeilijke woorden."),
    say("Hoe vraag je feedback zonder dat het onaardig klinkt?"),
    say("Geef voorbeelden van open data die een gemeente kan publiceren."),
    say("Schrijf een toespraak van twee minuten voor de opening van de bibliotheek."),
    say("Welke boomsoorten kunnen goed tegen droogte in de stad?"),
    say("Make a table of arguments for and against paid parking in the town centre."),
    say("Verbeter de spelling: de gemeente heeft het besluid genoomen."),
    say("Maak een checklist voor het organiseren van verkiezingen in een sporthal."),
    say("Wat zijn de regels voor een dakkapel aan de voorkant, in het algemeen?"),
    say("Schrijf alt-teksten voor een foto van een fietspad, een plein en een gemeentehuis."),
    say("Bedenk een vriendelijke tekst voor de telefoonwacht."),
    say("How do I write a SQL query that counts rows per month?"),
    say("Wat betekent 'algemeen belang' in de Awb?"),
    say("Stel vijf vragen op voor een gesprek met inwoners over eenzaamheid."),
    say("Schrijf een Python-functie die controleert of een jaar een schrikkeljaar is."),
    say("Summarise the idea of circular building in one paragraph."),
    // A name, an address, a telephone number: internal.
    say("Schrijf een antwoord aan fatima.elidrissi@voorbeeldmail.nl dat haar vergunning klaarligt."),
    say("Mail naar j.devries@voorbeeldmail.nl: de afspraak van dinsdag gaat niet door. Maak dit netter."),
    say("Bel mevrouw Jansen op 06-12345678 en vertel dat de rolstoel klaarstaat. Maak er een belscript van."),
    say("Zet om in een nette notitie: de heer Bakker, tel. 030 123 45 67, klaagt over geluid van de warmtepomp."),
    say("Maak een bedankmail voor sanne.dejong@voorbeeldmail.nl en mo.yilmaz@voorbeeldmail.nl voor hun hulp bij de opruimdag."),
    say("Please rewrite politely: dear mr. Smith (john.smith@example.org), your request was refused."),
    say("Vul het sjabloon in: Anna Visser, Dorpsstraat 12, 3511 AB Utrecht, vraagt een parkeervergunning aan."),
    say("Plan een route langs Kerkstraat 4, 1234 AB Voorbeeld en Molenweg 18, 1234 CD Voorbeeld."),
    say("Maak een overzicht van de kentekens die fout stonden: 12-ABC-3 en GB-123-K."),
    say("Wie is de contactpersoon als ik info@sportclub-voorbeeld.nl een vraag stel over de zaal?"),
    // Money and markings: confidential.
    say("Controleer of de subsidie is betaald op NL91ABNA0417164300 van Stichting Buurthuis."),
    say("Schrijf een herinnering: graag overmaken op NL20INGB0001234567 onder vermelding van leges."),
    say("De kinderopvang betaalt terug vanaf NL02ABNA0123456789. Maak een brief aan de ouder."),
    say("VERTROUWELIJK. Concept collegebesluit over de verkoop van het oude zwembad. Vat samen."),
    say(
        "Vat dit memo samen. Rubricering: Intern - Vertrouwelijk. De onderhandeling met de projectontwikkelaar loopt vast op de grondprijs.",
    ),
    say("Refund to IBAN DE89370400440532013000 was rejected by the bank, draft an email to the customer."),
    // Citizen service numbers: secret.
    say("Schrijf een brief aan de burger met BSN 999990019 over de bijzondere bijstand."),
    say("Zoek uit waarom de aanvraag van BSN 111222333 is afgewezen en leg het uit in gewone taal."),
    say(
        "Mevrouw De Wit (burgerservicenummer 123456782) wil haar huishoudelijke hulp uitbreiden. Schrijf het verslag van het keukentafelgesprek.",
    ),
    say("Draft a letter to the citizen with BSN 999993653 about the appeal."),
    say("Maak een tabel: naam, bsn, regeling. Jan Pietersen, bsn 999995078, Participatiewet."),
    say("Client met bsn: 999991772 heeft schulden bij vier partijen. Wat is een goed plan van aanpak?"),
    // Keys and passwords, with their values filled in at run time.
    say("Waarom geeft deze koppeling een fout? export OPENAI_API_KEY={openai-key}"),
    say("Mijn script doet het niet: git clone https://{github-token}@github.com/gemeente-voorbeeld/zaaksysteem.git"),
    say("De verbinding met de database mislukt: host=db01 user=zaak password={password} sslmode=require. Wat is er mis?"),
    say("Zet dit om naar een Azure pipeline: aws_access_key_id = {aws-key}"),
    // Files.
    upload("notulen.txt", "Notulen teamoverleg. Aanwezig: het hele team. Besproken: de planning van de zomer en de nieuwe koffieautomaat."),
    upload("klachten.csv", "datum;onderwerp;aantal\n2026-10-01;afval;12\n2026-10-02;geluid;7\n2026-10-03;parkeren;19\n"),
    upload(
        "aanvragen.csv",
        "naam;bsn;regeling\nP. Voorbeeld;999990019;bijstand\nQ. Voorbeeld;999993653;Wmo\nR. Voorbeeld;999995078;jeugdhulp\n",
    ),
    upload(
        "betalingen.csv",
        "crediteur;iban;bedrag\nStichting Buurthuis;NL91ABNA0417164300;1250,00\nSportclub;NL20INGB0001234567;800,00\n",
    ),
    upload(
        "nieuwsbrief.txt",
        "Deze maand in de wijk: de markt verhuist tijdelijk, het buurthuis bestaat tien jaar en er komen nieuwe lantaarnpalen.",
    ),
    upload("raadsmemo.txt", "GEHEIM. Memo aan de raad over een lopend integriteitsonderzoek. Niet verspreiden."),
    // More ordinary work, so that the harmless outweighs the rest as it does in life.
    say("Welke vragen stel je in een exitgesprek?"),
    say("Schrijf een social-mediapost: de Hoofdstraat is volgende week dicht vanwege werk aan het riool."),
    say("Maak een sjabloon voor een risicoanalyse van een evenement."),
    say("Rewrite this in plain English: the applicant shall furnish proof of residency."),
    say("Bedenk namen voor een project over energie besparen in huurwoningen."),
    say("Hoe leg je een inwoner uit wat woonlasten zijn?"),
];

/// The text with its made-up keys filled in. The values have the shape of the real ones and open nothing.
pub(super) fn filled(text: &str) -> String {
    let letters = |length: usize| -> String { (0..length).map(|at| char::from(b"Qm7Zk2Xv9Lw4Tp8Rd3Hs6Nf"[at * 7 % 23])).collect() };
    text.replace("{openai-key}", &format!("sk-proj-{}", letters(48)))
        .replace("{github-token}", &format!("ghp_{}", letters(36)))
        .replace("{password}", &format!("Zomer{}!", letters(6)))
        .replace("{aws-key}", &format!("AKIA{}", letters(16).to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_enough_different_prompts_and_every_blank_is_filled() {
        let mut texts: Vec<&str> = PROMPTS.iter().map(|p| p.text).collect();
        texts.sort_unstable();
        texts.dedup();
        assert!(texts.len() >= 60 && texts.len() == PROMPTS.len());
        assert!(PROMPTS.iter().all(|p| !filled(p.text).contains('{')));
    }

    #[test]
    fn the_made_up_citizen_service_numbers_pass_the_elfproef() {
        for number in ["999990019", "111222333", "123456782", "999993653", "999995078", "999991772"] {
            let digits: Vec<i32> = number.bytes().map(|b| i32::from(b - b'0')).collect();
            let sum: i32 = digits.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(digit, weight)| digit * weight).sum();
            assert!(sum % 11 == 0, "{number}");
        }
    }
}
