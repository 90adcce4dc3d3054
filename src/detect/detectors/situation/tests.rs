//! What is a situation of a person, and what is only its topic: some fifteen of each per kind, in the wordings of mails, notes, forms and reports.

use crate::detect::Plan;
use crate::detect::testing::{finds, misses};

/// Every person's sentence gives the kind; no topic's sentence does.
#[track_caller]
fn tells(id: &str, people: &[&str], topics: &[&str]) {
    let plan = Plan::new(&[]).unwrap();
    let has = |text: &str| plan.scan(text, "").iter().any(|finding| &*finding.detector == id);
    let missed: Vec<&&str> = people.iter().filter(|text| !has(text)).collect();
    let wrong: Vec<&&str> = topics.iter().filter(|text| has(text)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "{id}: missed {missed:#?}\nwrong {wrong:#?}");
}

#[test]
fn health_of_a_person_and_as_a_topic() {
    tells(
        "health",
        &[
            "De bedrijfsarts meldt dat zij wordt behandeld voor een zware depressie.",
            "cl heeft ptss, slikt medicatie",
            "pt bekend met DM2 en hypertensie",
            "Mevrouw Aksoy is sinds haar beroerte rolstoelafhankelijk.",
            "Mijn zoon heeft ADHD en een vorm van autisme.",
            "U schreef dat u, mevrouw Bos, door reuma niet meer kunt traplopen.",
            "Dhr. Jansen is niet verslaafd, zegt hij zelf.",
            "Betrokkene is opgenomen geweest in een kliniek vanwege een psychose.",
            "Hij heeft een scootmobiel aangevraagd wegens zijn COPD.",
            "Client krijgt huishoudelijke hulp vanwege haar beperking.",
            "She was diagnosed with breast cancer in March.",
            "De aanvrager is slechtziend en heeft een herseninfarct gehad.",
            "Ik ben al drie maanden thuis met een burn-out.",
            "Moeder vertelt dat hij een verstandelijke beperking heeft.",
            "Zijn vrouw is dement en woont in een verpleeghuis.",
            "naam;geboren;aandoening\nS. Bakker;1-2-1950;epilepsie\nT. Visser;3-4-1961;dementie",
            "The tenant suffers from an anxiety disorder and takes medication.",
        ],
        &[
            "Het aandeel inwoners met een depressie ligt op 8 procent.",
            "Campagne tegen alcohol en verslaving onder jongeren.",
            "Kamer B12 en foutcode E11-9",
            "De gemeente organiseert een training omgaan met dementie.",
            "Mensen met een verstandelijke beperking kunnen terecht bij het loket.",
            "Heeft u een chronische ziekte? Dan kunt u een tegemoetkoming aanvragen.",
            "Het Wmo-beleid richt zich op ouderen met dementie en hun mantelzorgers.",
            "In de nota staat hoe wij depressie bij jongeren willen voorkomen.",
            "De cijfers laten zien dat diabetes toeneemt in de wijk.",
            "Schrijf een folder over kanker en bewegen.",
            "Wie een rolstoel nodig heeft, kan deze aanvragen via de website.",
            "Autisme is een aangeboren stoornis in de informatieverwerking.",
            "ADHD en autisme zijn het thema van de lezing op 3 mei.",
            "Residents with dementia can attend the weekly café.",
            "Alzheimer Nederland krijgt subsidie voor het project Dementievriendelijk.",
            "De vacature: psycholoog ggz, 32 uur, ervaring met trauma is een pre.",
        ],
    );
}

#[test]
fn offences_of_a_person_and_as_a_topic() {
    tells(
        "criminal",
        &[
            "Hij is in 2019 veroordeeld voor mishandeling.",
            "Mevrouw De Wit heeft een strafblad.",
            "Betrokkene zat vast van maart tot juni.",
            "cl heeft enkelband tot 1 mei",
            "Verdachte Karim Demir is gisteren aangehouden.",
            "De heer Post moet een taakstraf van 60 uur doen.",
            "Er is proces-verbaal opgemaakt tegen meneer Kuipers.",
            "Haar zoon heeft een HALT-straf gekregen voor vernieling.",
            "Ik ben zelf ook aangehouden, maar nooit veroordeeld.",
            "Dhr. Vos staat onder toezicht van de reclassering.",
            "Hij heeft geen strafblad.",
            "De aanvrager kreeg een voorwaardelijke gevangenisstraf van drie maanden.",
            "He was arrested for burglary and is on probation.",
            "Onze cliënt is verdachte in een strafzaak.",
            "Volgens de politie dealt zijn broer vanuit de woning; hij is recidivist.",
            "Haar ex zit in de gevangenis in Vught.",
        ],
        &[
            "Het aantal aangehouden verdachten daalde met 4 procent.",
            "De reclassering werkt samen met de gemeente aan nazorg voor ex-gedetineerden.",
            "Wie een strafblad heeft, krijgt mogelijk geen VOG.",
            "Artikel 9 van de verordening gaat over veroordeling en recidive.",
            "Het beleid voor de nazorg van gedetineerden wordt herzien.",
            "Jongeren met een taakstraf werken in het groen.",
            "Een verdachte heeft recht op een advocaat.",
            "De training 'Van gevangenis naar werk' start in mei.",
            "Hoe werkt een enkelband?",
            "Bureau HALT geeft voorlichting op scholen.",
            "De politie gaf cijfers over woninginbraken en detentie.",
            "Summarise the policy on probation and community service.",
            "In de monitor staat hoeveel mensen een gevangenisstraf kregen.",
            "De pilot met elektronisch toezicht is verlengd.",
            "Er komt een convenant tussen gemeente, politie en reclassering.",
        ],
    );
}

#[test]
fn debts_of_a_person_and_as_a_topic() {
    tells(
        "debt",
        &[
            "Mevrouw De Vries heeft schulden bij drie banken.",
            "mw. onder bewind, leefgeld 60 pw",
            "Dhr. El Amrani zit in de WSNP.",
            "Er ligt beslag op haar loon.",
            "Hij heeft een huurachterstand van vier maanden en de deurwaarder is langs geweest.",
            "Ik heb een betalingsachterstand bij de zorgverzekeraar.",
            "Betrokkene ontvangt bijstand en haalt eten bij de voedselbank.",
            "Cliënt volgt een minnelijk traject via de kredietbank.",
            "Geen schulden bekend bij meneer Post.",
            "Het gezin Bakker krijgt bijzondere bijstand voor de inrichting.",
            "Er dreigt ontruiming van de woning van mevrouw Kaya.",
            "Klant heeft een bewindvoerder.",
            "Mijn man en ik staan rood en hebben leningen bij familie.",
            "She is in debt and the bailiffs came twice.",
            "Zijn uitkering wordt gestort; hij kreeg een brief van het incassobureau.",
            "De aanvrager ontvangt een Participatiewet-uitkering sinds 2023.",
        ],
        &[
            "Het beleid voor schuldhulp is vastgesteld.",
            "Inwoners met schulden kunnen bij de gemeente terecht.",
            "Heeft u schulden? Bel dan met het spreekuur.",
            "In 2024 zaten 312 huishoudens in de WSNP.",
            "De verordening individuele inkomenstoeslag is gewijzigd.",
            "Als u een huurachterstand heeft, neem dan contact op.",
            "De cijfers over problematische schulden stijgen landelijk.",
            "De raad debatteert over schuldhulpverlening en armoede.",
            "De training 'Signaleren van schulden' is voor alle consulenten.",
            "Jongeren met schulden krijgen een brief van het college.",
            "De deurwaarder mag beslag leggen op roerende zaken.",
            "De voedselbank zoekt vrijwilligers.",
            "Wie bijstand ontvangt, moet wijzigingen doorgeven.",
            "Schrijf een persbericht over het minimabeleid en de voedselbank.",
            "Residents in debt can get free advice.",
            "Regeling kwijtschelding en bijzondere bijstand 2025",
        ],
    );
}

#[test]
fn youth_care_of_a_person_and_as_a_topic() {
    tells(
        "youth-care",
        &[
            "Sem Bakker is onder toezicht gesteld tot 1 mei.",
            "Haar kinderen zijn uit huis geplaatst.",
            "De gezinsvoogd van Noor belt morgen met moeder.",
            "Hij woont sinds januari in een pleeggezin.",
            "Er is een Veilig Thuis-melding gedaan over het gezin De Boer.",
            "Voor Ilias Demir loopt een OTS.",
            "Onze dochter kreeg een machtiging uithuisplaatsing.",
            "De jeugdbeschermer vertelt dat vader het gezag verliest; zijn zoon zit in JeugdzorgPlus.",
            "Leerling Daan Smit wordt gemeld bij de leerplichtambtenaar.",
            "De Raad voor de Kinderbescherming doet onderzoek naar mijn gezin.",
            "Zij krijgt een PGB jeugd voor begeleiding van haar zoon.",
            "Moeder is ontheven uit het gezag.",
            "Mevrouw Yilmaz heeft een begeleide omgang met haar dochter via jeugdzorg.",
            "Her son was placed in foster care last year.",
            "De kinderrechter heeft de ondertoezichtstelling van Emma Kok verlengd.",
        ],
        &[
            "De gemeente koopt jeugdhulp in bij 40 aanbieders.",
            "Pleeggezinnen en pleegouders gezocht: kom naar de informatieavond over pleegzorg.",
            "De Raad voor de Kinderbescherming publiceerde het jaarverslag.",
            "Het aantal uithuisplaatsingen daalde met 12 procent.",
            "Een OTS wordt uitgesproken door de kinderrechter.",
            "Artikel 255 Boek 1 BW. De kinderrechter kan een minderjarige onder toezicht stellen van een gecertificeerde instelling.",
            "Het beleidsplan jeugd beschrijft de rol van Veilig Thuis.",
            "Veilig Thuis kreeg 8803 meldingen.",
            "Training meldcode kindermishandeling voor professionals.",
            "Jongeren in gesloten jeugdzorg krijgen onderwijs.",
            "Hoe werkt een machtiging uithuisplaatsing?",
            "De verordening jeugdhulp 2025 ligt ter inzage.",
            "Subsidie voor pleegzorg in de regio",
            "Vacature jeugdbeschermer, 36 uur",
            "Kinderen in pleeggezinnen hebben recht op een kindregeling.",
        ],
    );
}

#[test]
fn violence_against_a_person_and_as_a_topic() {
    tells(
        "domestic-violence",
        &[
            "Mevrouw Kaya is door haar man geslagen.",
            "Hij heeft een huisverbod van tien dagen gekregen.",
            "Zij verblijft in een blijf-van-mijn-lijfhuis.",
            "Haar ex stalkt haar al maanden.",
            "cl. wordt mishandeld door partner, blauwe plekken gezien",
            "Ik word bedreigd door mijn ex-man.",
            "Moeder is met de kinderen gevlucht naar de vrouwenopvang.",
            "Er is sprake van eergerelateerd geweld tegen Fatima El Idrissi.",
            "Mevr. Post heeft een AWARE-knop.",
            "Vader sloeg haar met een riem.",
            "Zijn dochter is uitgehuwelijkt in Pakistan.",
            "He beats her when he is drunk.",
            "Betrokkene heeft een contactverbod opgelegd gekregen.",
            "Cliënte vertelt dat ze thuis is opgesloten in huis en gewurgd.",
            "Volgens de melder is er huiselijk geweld bij de familie De Groot.",
        ],
        &[
            "De regiovisie huiselijk geweld is vastgesteld.",
            "Slachtoffers van huiselijk geweld kunnen bellen met 0800-2000.",
            "In 2024 werden 61 huisverboden opgelegd.",
            "De burgemeester kan een tijdelijk huisverbod opleggen.",
            "Training: signalen van stalking en partnergeweld herkennen.",
            "Wordt u mishandeld? Bel Veilig Thuis.",
            "De campagne tegen eergerelateerd geweld start in november.",
            "Het aantal meldingen van kindermishandeling en huiselijk geweld steeg met 8%.",
            "Artikel 2 Wet tijdelijk huisverbod",
            "Vrouwen die zijn geslagen vinden hulp bij de vrouwenopvang.",
            "De vrouwenopvang krijgt subsidie.",
            "Iemand die gestalkt wordt, kan aangifte doen.",
            "Policy on domestic violence and abuse",
            "De stoel werd tegen de muur geslagen door de wind.",
            "De documentaire over huwelijksdwang is te zien in de bibliotheek.",
        ],
    );
}

#[test]
fn origin_of_a_person_and_as_a_topic() {
    tells(
        "ethnicity",
        &[
            "Betrokkene is van Koerdische afkomst.",
            "Mevrouw Sarkisian heeft Armeense ouders.",
            "Hij behoort tot de Oeigoerse minderheid.",
            "De heer Petalo is een Roma.",
            "Mijn vader is Moluks en voelt zich Molukker.",
            "Cliënt heeft een Marokkaanse achtergrond.",
            "Zij is half Surinaams, half Hindoestaans.",
            "Etniciteit: Hazara, naam: Ali Rezai",
            "Haar familie is van Turkse komaf.",
            "Aanvrager geeft aan vanwege zijn huidskleur te zijn geweigerd.",
            "She is of Moroccan descent.",
            "Verzoeker is etnisch Tigrinya.",
            "Dhr. Lakatos komt uit een Sinti-familie; hij is Sinti.",
            "Zijn ouders zijn van Antilliaanse afkomst.",
            "De man is geboren in Asmara en heeft een Eritrese achtergrond.",
        ],
        &[
            "De Turkse keuken is het thema van de markt.",
            "Het beleid voor inwoners met een migratieachtergrond.",
            "AS Roma speelt tegen Ajax.",
            "Het aandeel leerlingen van Marokkaanse afkomst is 12 procent.",
            "De Chinese delegatie bezoekt het stadhuis.",
            "Subsidie voor de Molukse gemeenschap voor een herdenking.",
            "Jongeren van Antilliaanse afkomst doen mee aan het project.",
            "De woonwagens en het beleid voor Roma en Sinti.",
            "Een Poolse supermarkt opent aan de Dorpsstraat.",
            "De herkomst van het hout is gecertificeerd.",
            "De Indische buurt krijgt nieuwe bomen.",
            "Discriminatie op afkomst is verboden (artikel 1 Grondwet).",
            "Syrische statushouders volgen een cursus Nederlands.",
            "Onderzoek naar etnisch profileren door de politie",
            "The Moroccan community centre will be renovated.",
        ],
    );
}

#[test]
fn religion_of_a_person_and_as_a_topic() {
    tells(
        "religion",
        &[
            "Hij is praktiserend moslim.",
            "Mevrouw Cohen houdt sabbat.",
            "Ze draagt een hoofddoek vanwege haar geloof.",
            "De heer Visser is ouderling in de gereformeerde kerk.",
            "Cliënt gaat elke vrijdag naar de moskee.",
            "Mijn collega is Jehova's getuige.",
            "Betrokkene heeft zich bekeerd tot het christendom.",
            "Zij is streng gelovig opgevoed.",
            "Ik ben katholiek en wil geen euthanasie.",
            "Hij is atheïst geworden.",
            "Dhr. Singh is sikh.",
            "Kandidaat wil vrij met het Suikerfeest omdat zij moslima is.",
            "Zijn ouders zijn hindoe.",
            "She is Jewish and eats kosher.",
            "De aanvrager bezoekt wekelijks de synagoge.",
        ],
        &[
            "De Grote Kerk wordt gerestaureerd.",
            "Moskee aan de Kanaalweg vraagt vergunning aan.",
            "De katholieke basisschool krijgt een nieuw gebouw.",
            "Subsidie voor het orgel in de Sint-Jozefkerk en de kerkdienst.",
            "Tijdens de ramadan is de sporthal langer open.",
            "De Joodse begraafplaats is een monument.",
            "Inwoners met een religieuze achtergrond zijn geïnterviewd.",
            "Het beleid over hoofddoeken en keppels bij handhavers.",
            "Wilt u in de kerk trouwen? Vraag het aan.",
            "Islamitische scholen in Nederland: een onderzoek.",
            "Cursus interreligieuze dialoog: moslims en christenen in gesprek.",
            "Het aantal kerkgangers daalt.",
            "De imam en de dominee spreken op de herdenking namens de moskee en de kerk.",
            "The church hall can be rented for events.",
            "Halal en koosjer eten in de kantine: wat mag?",
        ],
    );
}

#[test]
fn a_union_membership_and_the_union_as_a_topic() {
    tells(
        "union",
        &[
            "Hij is lid van de FNV.",
            "Mevrouw Smit is kaderlid bij het CNV.",
            "Mijn collega is vakbondslid.",
            "Peter de Jong staakte vorige week mee met de vakbond.",
            "Ik ben lid van de vakbond en wil bijstand.",
            "Zij betaalt contributie aan de FNV.",
            "Werknemer is aangesloten bij CNV Overheid.",
            "Kandidaat vertelde dat ze actief is voor de vakbond.",
            "De medewerker wordt bijgestaan door de AOb, waar hij lid van is.",
            "Dhr. Kok heeft zijn lidmaatschap van de vakbond opgezegd.",
            "He is a union member.",
            "She joined Unison last year.",
            "Betrokkene ontvangt een stakingsuitkering, want hij is lid van FNV.",
            "Volgens de teamleider is Fatma Yilmaz vakbondslid.",
            "Anouk Vis is lid van NU'91 en staakt mee.",
        ],
        &[
            "De FNV roept op tot staking.",
            "De cao-onderhandelingen met FNV en CNV zijn gestart.",
            "Werknemers kunnen lid worden van een vakbond.",
            "De vakbonden en de VNG bereikten een akkoord.",
            "Bent u lid van een vakbond? Dan krijgt u de contributie deels terug.",
            "Door de staking rijden er geen bussen.",
            "Medewerkers die staken krijgen geen loon.",
            "Het beleid rond vakbondsverlof staat in de cao.",
            "Leden van FNV en CNV stemmen over het akkoord.",
            "De vakbond organiseert een informatiebijeenkomst.",
            "Het aantal vakbondsleden daalt.",
            "Hoe werkt het stakingsrecht?",
            "Vertegenwoordiger Jansen sprak namens de FNV op het congres.",
            "The trade union welcomed the agreement.",
            "Union members voted in favour.",
        ],
    );
}

#[test]
fn political_opinions_of_a_person_and_politics() {
    tells(
        "political",
        &[
            "Hij is lid van de PVV.",
            "Mevrouw Bakker stemt al jaren SP.",
            "Mijn buurman staat op de kieslijst van Forum voor Democratie.",
            "Betrokkene is actief voor Extinction Rebellion en lid van de partij.",
            "Karin de Groot flyert voor GroenLinks.",
            "De sollicitant is lid van de VVD.",
            "Zij is aanhanger van een extreemrechtse groepering.",
            "Dhr. Mol is anarchist.",
            "Ik heb altijd PvdA gestemd, maar nu stem ik op Volt.",
            "De collega is sympathisant van de PKK.",
            "He is a member of the Labour Party.",
            "Medewerker vertelde dat hij D66 stemt.",
            "Haar politieke voorkeur is CDA.",
            "Mehmet Kaya is lid van de Grijze Wolven.",
            "Betrokkene is organisator van de demonstratie en lid van Viruswaarheid.",
        ],
        &[
            "De fractie van de VVD dient een motie in.",
            "Raadslid Jansen (PvdA) stemt tegen het voorstel.",
            "Wethouder De Boer is lid van het CDA.",
            "Lijsttrekker Kok van GroenLinks opende de campagne.",
            "D66 en Volt stemden voor het amendement.",
            "De PVV werd de grootste bij de verkiezingen.",
            "Kandidaten kunnen zich melden bij de politieke partij van hun keuze.",
            "De kieslijst ligt ter inzage.",
            "De politieke partij krijgt subsidie.",
            "Inwoners die op Volt stemden zijn jonger.",
            "SP en GroenLinks stellen raadsvragen.",
            "Hoe word ik lid van een politieke partij?",
            "Kamerlid Visser van de SP bezocht de wijk.",
            "The Labour Party won the election.",
            "Leden van Forum voor Democratie in de Tweede Kamer",
        ],
    );
}

#[test]
fn sexual_life_of_a_person_and_as_a_topic() {
    tells(
        "sexual",
        &[
            "Hij is homo en vluchtte daarom uit Oeganda.",
            "Mevrouw Bos is lesbisch.",
            "Mijn zoon is transgender.",
            "Dhr. Hendriks woont samen met zijn man.",
            "Zij is getrouwd met haar vrouw Els.",
            "Betrokkene is non-binair en gebruikt hen/hun.",
            "Cliënte is als kind seksueel misbruikt.",
            "Verzoeker is in transitie van man naar vrouw.",
            "Ik ben biseksueel en nog niet uit de kast.",
            "De aanvrager wacht op een geslachtsoperatie.",
            "Karim Said is vanwege zijn geaardheid bedreigd.",
            "Ze is verkracht door haar oom.",
            "Zij werkt als sekswerker.",
            "He lives with his husband.",
            "She is a trans woman.",
        ],
        &[
            "De regenboogvlag hangt uit voor homo's, lesbiennes en transgenders.",
            "Het lhbti-beleid van de gemeente",
            "Cursus genderidentiteit voor docenten",
            "Het aantal aangiften van verkrachting nam toe.",
            "Jongeren die transgender zijn kunnen terecht bij het COC.",
            "De transitie naar aardgasvrije wijken",
            "Man en vrouw kunnen samen een aanvraag doen.",
            "Wijzigen van uw geslachtsregistratie: zo werkt het",
            "Bent u slachtoffer van seksueel geweld? Bel het Centrum.",
            "De verordening sekswerk en prostitutie 2025",
            "Homo sapiens leefde hier 5000 jaar geleden.",
            "Policy on sexual orientation and gender",
            "Lesbische vrouwen in het verzet: een tentoonstelling",
            "Ze zijn man en vrouw.",
            "De training gaat over seksueel misbruik in de sport.",
        ],
    );
}

#[test]
fn a_certain_child_and_children_in_general() {
    tells(
        "minors",
        &[
            "Haar dochter Sharda (8 jaar) zit in groep 5.",
            "Zoontje Nour van 4 jaar wordt opgehaald door oma.",
            "Niels de Jong, 6 jaar oud, kwam alleen naar de balie.",
            "Leerling Daan Smit uit groep 7 was afwezig.",
            "Mijn 12-jarige zoon is weggelopen.",
            "De minderjarige Amira Haddad woont bij tante.",
            "Er zijn twee kinderen: Sem (5 jaar) en Lotte (3 jaar).",
            "Zijn 15-jarige dochter gaat niet naar school.",
            "Her son Tom (9 years old) lives with his father.",
            "Uw zoon Thijs (geboren op 13-4-2015) was afwezig.",
            "Het meisje, 11 jaar, woont bij haar oma.",
            "Leerling: Fleur van Dam, klas 2b",
            "Kind: Jayden Plet, 7 jaar",
            "Jongen van 14 jaar, naam Youssef Amrani, aangetroffen op straat.",
            "Pupil Emma Brown, year 5",
        ],
        &[
            "Kinderen tot 4 jaar mogen gratis mee.",
            "Jongeren van 12 tot 18 jaar",
            "De vergunning geldt 5 jaar.",
            "Het contract loopt 8 jaar en 3 maanden.",
            "Binnen 10 jaar is de wijk aardgasvrij.",
            "Een leerling krijgt leerlingenvervoer als de afstand groter is dan 6 km.",
            "Het project (3 jaar) is afgerond.",
            "De regeling voor minderjarigen wordt herzien.",
            "Elke leerling ontvangt een fiets.",
            "Twee jaar geleden, in het 10-jarig bestaan van de school, werd het gebouw vernieuwd.",
            "Minderjarige kinderen hebben een paspoort nodig.",
            "Leerlingen uit groep 8 bezoeken het gemeentehuis.",
            "De garantie is 2 jaar.",
            "Een celstraf van 6 jaar is geëist.",
            "Children under 12 years get a discount.",
        ],
    );
}

#[test]
fn codes_of_diagnoses_are_found_after_their_word() {
    finds("health", "Diagnose: E11.9 bij cliënt", "E11.9");
    finds("health", "dsm-5 296.32, recidiverend", "296.32");
    misses("health", "Kamer B12, artikel E11.9 en versie 296.32");
}

#[test]
fn a_sentence_that_a_mail_broke_over_two_lines_is_read_whole() {
    finds("debt", "Na het gesprek van vorige week bleek dat mevrouw De Vries,\ndie alleen woont, al jaren schulden heeft.", "schulden");
}

#[test]
fn a_note_in_a_persons_file_needs_no_subject() {
    let file =
        "Cliënt: J. de Boer\nBSN: 111222333\n\nVerslag huisbezoek\n- heeft schulden bij de zorgverzekeraar\n- zit thuis met een burn-out\n";
    finds("debt", file, "schulden");
    finds("health", file, "burn-out");
}
