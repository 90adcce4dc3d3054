//! The seeds of each kind of situation: words that say something about a person when a person stands beside them.
//!
//! Gives, per kind, the words that say it by themselves (`schulden`, `veroordeeld`) and the words that only hint (`kerk`, `reclassering`), which
//! need a verb or turn of phrase that ties them to the person. A seed must never be a common word: each occurrence in a text costs.

use crate::detect::groups::{
    CRIMINAL, DEBT, ETHNICITY, FACT, HEALTH, HEALTH_CODE, MINOR, POLITICAL, RELIGION, SEXUAL, UNION, VIOLENCE, YOUTH,
};
use crate::detect::keywords::Words;

/// Every seed of every kind.
pub(super) const WORDS: &[Words] = &[
    Words(
        HEALTH | FACT,
        "depressie, depressies, depressief, depressieve, winterdepressie, burn-out, burnout, overspannen, overspannenheid, ptss, ptsd, cptss, adhd, autisme, autismespectrumstoornis, autistisch*, asperger*, \
         pdd-nos, gedragsstoornis*, dement, dementie, dementeert, dementeren, dementerend*, alzheimer*, parkinson*, diabetes, diabeet, diabetespatiënt, dm1, dm2, suikerziekte, kanker, borstkanker, longkanker, darmkanker, huidkanker, prostaatkanker, \
         slokdarmkanker, kankerpatiënt, leukemie, tumor*, uitzaaiing*, chemo, chemotherapie, chemokuur, chemokuren, bestraling*, bestraald, multiple sclerose, ms, ms-patiënt, herseninfarct*, hersenbloeding*, hersenletsel, hersenschudding, \
         beroerte, cva, epilepsie, epileptisch*, copd, astma, astmatisch*, longemfyseem, longfibrose, reuma, reumatisch*, reumatoïde*, artrose, artritis, osteoporose, hernia, rughernia, longontsteking, notenallergie, pinda-allergie, koemelkallergie, voedselallergie, nekhernia, fibromyalgie, hartfalen, hartinfarct*, \
         hartklachten, hartpatiënt*, hartaandoening, hartritmestoornis*, longaandoening, nieraandoening, aandoening, hypertensie, hoge bloeddruk, nierfalen, dialyse, nierdialyse, levercirrose, crohn, colitis, coeliakie, slaapapneu, narcolepsie, migraine, \
         chronische pijn*, chronisch ziek*, chronische ziekte, longcovid, long covid, post-covid, hiv, hiv-positief, hiv-besmet*, hepatitis, tuberculose, tbc, chlamydia, syfilis, zwanger, zwangere, miskraam, abortus, verslaafd*, verslaving, alcoholverslaafd*, \
         alcoholverslaving, drugsverslaafd*, drugsverslaving, gokverslaafd*, gokverslaving, gameverslaving, alcoholist*, alcoholmisbruik, alcoholprobleem, alcoholproblemen, alcoholproblematiek, drankprobleem, drankproblemen, medicatie, medicijnen, antidepressiva, antipsychotica, \
         lithium, methadon, ritalin, methylfenidaat, sertraline, citalopram, oxazepam, diazepam, insuline, metformine, oxycodon, morfine, rolstoel, rolstoelafhankelijk*, rolstoelgebonden, rolstoelgebruiker, angststoornis*, angstklachten, paniekaanval*, \
         paniekstoornis*, persoonlijkheidsstoornis*, borderline, bipolair*, manisch*, schizofren*, psychose*, psychotisch*, waanbeelden, wanen, hallucin*, eetstoornis*, anorexia, boulimia, dwangstoornis*, dwangneurose, suicidaal, suïcidaal, suicidale, suïcidale, \
         suïcidepoging*, suicidepoging*, zelfmoordpoging*, zelfmoordgedachten, automutil*, zelfbeschadig*, slaapproblemen, slaapstoornis*, trauma, trauma's, traumaverwerking, getraumatiseerd*, verstandelijke beperking, verstandelijk beperkt*, \
         licht verstandelijk*, lichamelijke beperking, lichamelijk beperkt*, visuele beperking, visueel beperkt*, gehandicapt, arbeidsbeperking, slechtziend, slechtziende, slechthorend, slechthorende, doof, incontinent, geamputeerd*, amputatie, dwarslaesie, verlamd*, \
         halfzijdig*, spierziekte, longziekte, hartziekte, nierziekte, huntington, darmziekte, chronische darmziekte, huidziekte, bloedziekte, stofwisselingsziekte, auto-immuunziekte, zwangerschap, bekkenklachten, obesitas, overgewicht, anafyla*, geopereerd, ziekenhuisopname, ziek gemeld, ziekgemeld, ziekmelding, arbeidsongeschikt, arbeidsongeschikte, urenbeperking, emdr, \
         valgevaar, mobiliteitsbeperking, vergeetachtig*, kortademig*, benauwdheid, rugklachten, nekklachten, knieklachten, psychische psychische problemen, psychische problematiek, psychiatrische problematiek, psychiatrische stoornis, lichamelijke klachten, \
         fysieke klachten, mentale klachten, vermoeidheidsklachten, stressklachten, geheugenproblemen, concentratieproblemen, gediagnosticeerd*, stoornis, terminaal, terminale, palliatief, wao, wia-uitkering, wajong, wajong-uitkering, ziektewet, ziektewetuitkering, \
         depression, depressed, postnatal depression, bipolar disorder, cancer, breast cancer, leukaemia, tumour, dementia, addiction, addicted, alcoholic, alcoholism, medication, antidepressants, pregnant, pregnancy, miscarriage, wheelchair, diagnosed, epilepsy, diabetic, \
         schizophrenia, schizophrenic, anxiety disorder, panic attacks, autism, autistic, hiv-positive, mental illness, mental health problems, sick leave, chronic pain, chronic fatigue, chronic illness, asthma, insulin, arthritis, suicidal, self-harm, visually impaired, hearing impaired, \
         learning disability, kidney failure, heart condition, heart attack, had a stroke, overdose, overdosis, burned out, burnt out, detox, afkickkliniek, afkicken, drugsgebruik, middelengebruik, middelenmisbruik, softdrugs, blowt, jicht, lyme, staar, glaucoom",
    ),
    Words(
        HEALTH,
        "diagnose, diagnoses, diagnosis, psychiater, psychiatrisch*, psycholoog, psychotherapeut, therapie, fysiotherapie, gesprekstherapie, ggz, ggz-*, ggz-behandeling, huisarts, neuroloog, cardioloog, oncoloog, ziekenhuis, crisisopname, wmo, \
         wmo-indicatie, wmo-voorziening, wmo-aanvraag, wmo-vervoer, maatwerkvoorziening, huishoudelijke hulp, hulp bij het huishouden, huishoudelijke ondersteuning, persoonlijke verzorging, dagbesteding, beschermd wonen, wlz-indicatie, wlz, thuiszorg, wijkverpleging, scootmobiel, traplift, \
         rollator, gehandicaptenparkeerkaart, invalidenparkeerkaart, hulphond, beperking, beperkingen, handicap, operatie, kliniek, verslavingszorg, jellinek, zorgmachtiging, zorgindicatie, dwangopname, mantelzorg, mantelzorger, bedrijfsarts, re-integratietraject, \
         verward, verwarde, gokt, blind, ziek, ziekte, ernstig ziek, klachten, pijnklachten, griep, uitgevallen, psychiatrist, therapist, therapy, surgery, disability, disabled, rehab, hospital, hospitalised, hospitalized, carer, stroke, allergisch*, allergie, pijn",
    ),
    Words(HEALTH_CODE, "diagnose*, diagnosis, icd, icd-10, icd10, dsm, dsm-5, dsm-iv"),
    Words(
        CRIMINAL | FACT,
        "veroordeeld, veroordeling, strafblad, strafrechtelijk verleden, justitieel verleden, justitiële documentatie, antecedenten, opgepakt, voorarrest, in verzekering gesteld, on bail, aangehouden, aanhouding, gearresteerd, arrestatie, detentie, gedetineerd, gedetineerde, ex-gedetineerde, gevangenisstraf, celstraf, celstraffen, jeugddetentie, \
         taakstraf, werkstraf, leerstraf, enkelband, elektronisch toezicht, proces-verbaal, procesverbaal, voorwaardelijke straf, voorwaardelijke gevangenisstraf, voorwaardelijk veroordeeld, proeftijd opgelegd, voorlopige hechtenis, bewaring gesteld, inverzekeringstelling, voorgeleid, verdacht van, verdachte van, \
         verdenking van, wordt verdacht, halt-straf, halt-afdoening, halt-traject, haltstraf, bureau halt, tbs, tbs-behandeling, pij-maatregel, isd-maatregel, reclasseringstoezicht, reclasseringsrapport, recidive, recidiveert, recidivist, veelplegers, veelpleger, draaideurcrimineel, rijontzegging, gevangen, \
         gevangenis, vastgezeten, zat vast, zit vast, zat gevangen, in de cel, winkeldiefstal, inbraak gepleegd, fraude gepleegd, drugshandel, drugsdealer, dealt, dealde, hennepkwekerij, heling, witwassen, openlijke geweldpleging, straatroof, roofoverval, woninginbraak*, vrijgesproken, vog geweigerd, geweigerde vog, \
         krijgt geen vog, geen vog, criminele contacten, criminele organisatie, crimineel verleden, strafzaak, strafzitting, strafbeschikking, strafbaar feit, strafbare feiten, dagvaarding, \
         convicted, conviction, criminal record, arrested, prison sentence, imprisoned, jailed, in prison, probation officer, on probation, on parole, community service order, ankle tag, ankle monitor, charged with, accused of, suspended sentence, shoplifting, burglary, drug dealing, on remand, detained, served time",
    ),
    Words(
        CRIMINAL,
        "verdachte, reclassering, halt, justitie, politiecel, politieverhoor, cel, jeugdgevangenis, diefstal, mishandeling, inbraak, vernieling, fraude, drugs, drugsbezit, wapenbezit, wapen, vuurwapen, gestolen, gepleegd, opruiing, rijbewijs ingevorderd, rijden onder invloed, boete, \
         geldboete, penitentiaire inrichting, pi vught, suspect, probation, police custody, theft, assault, fraud, offence, offences, detention, criminal",
    ),
    Words(
        ETHNICITY | FACT,
        "afkomst, komaf, roots, etnisch*, etniciteit, migratieachtergrond, migratie-achtergrond, roma, romafamilie, roma-familie, sinti, zigeuner, zigeunerfamilie, woonwagenbewoner, hazara, tigrinya, tigrees, tigray, oromo, rohingya, oeigoer, oeigoers*, jezidische, yezidi, molukker, \
         hindoestaan, hindoestaans*, hindostaan*, creool, creools*, berber, berbers, koerd, pasjtoen, pashtun, tadzjiek, assyrisch*, arameeër, aramees*, armeniër, tsjetsjeen, tutsi, hutu, amhaars, bevolkingsgroep, zwarte vrouw, zwarte man, huidskleur, ethnic*, ethnicity, of moroccan descent, of turkish descent, \
         of surinamese descent, descent, kurdish, kurd, moroccan origin, turkish origin, of colour, migrant background",
    ),
    Words(
        ETHNICITY,
        "koerdisch*, marokkaan, marokkaans*, turks, turkse, surinaams*, surinamer, antilliaan, antilliaans*, curaçaos*, arubaans*, syrisch*, syriër, eritrees, eritrese, eritreeër, somalisch*, somaliër, afghaan, afghaans*, iraans*, irakees, irakese, iraaks*, moluks, molukse, chinees, chinese, indonesisch*, \
         indisch, indische, poolse, roemeens*, bulgaars*, ghanees, ghanese, nigeriaans*, kaapverdisch*, ethiopisch*, ethiopiër, joodse afkomst, palestijn, palestijns*, armeens*, tsjetsjeens*, herkomst, origine, minderheid, moroccan, turkish, surinamese, syrian, eritrean, somali, afghan, heritage",
    ),
    Words(
        RELIGION | FACT,
        "moslim, moslima, moslimvrouw, islamiet, islamitisch opgevoed, soenniet, soennitisch*, sjiiet, sjiitisch*, salafist, salafistisch*, alevitisch, aleviet, hindoe, hindoeïstisch, boeddhist, boeddhistisch, sikh, jezidi, christen, praktiserend, praktiserende, streng gelovig, gelovig, gelovige, diepgelovig*, ongelovig*, \
         atheïst, atheist, agnost, agnostisch, jehova*, jehova's getuige, getuige van jehova, katholiek opgevoed, rooms-katholiek, gereformeerd opgevoed, zwaar gereformeerd, bevindelijk gereformeerd, hervormd opgevoed, joods opgevoed, bekeerd, bekeerde, bekeerling, bekering, gedoopt, belijdenis gedaan, \
         katholiek, protestants, gereformeerd, hervormd, islamitisch, christelijk, joods, evangelisch, ouderling, diaken, kerkganger, kerkgangster, kerklid, kerkelijk meelevend, hoofddoek, niqab, boerka, keppel, keppeltje, sabbat, sjabbat, ramadan, vrijdaggebed, bidt, bad vijf keer, gebedsruimte, koosjer, kosher, halal, uitgetreden, levensovertuiging, geloofsovertuiging, haar geloof, religieuze overtuiging, geloofsredenen, religieuze redenen, \
         muslim, practising, practicing, jewish, hindu, buddhist, catholic, jehovah's witness, converted to, baptised, baptized, headscarf, sabbath, religious beliefs, born-again, devout, atheism",
    ),
    Words(
        RELIGION,
        "moskee, kerk, synagoge, tempel, mandir, gurdwara, kerkdienst, kerkdiensten, kerkgemeenschap, kerkgenootschap, pinkstergemeente, pinksterkerk, koninkrijkszaal, gebed, bidden, geloof, godsdienst, religie, religieus*, islam, islamitische, christelijke, christendom, jodendom, joodse, jood, katholieke, \
         protestantse, gereformeerde, hervormde, evangelische, imam, dominee, bijbelkring, koran, koranles, kerkkoor, zondagsrust, suikerfeest, mosque, church, synagogue, religion, religious, christian, faith, prayer, prayers, vasten, biechten",
    ),
    Words(
        UNION | FACT,
        "vakbondslid, vakbondsleden, vakbondslidmaatschap, lidmaatschap van de vakbond, kaderlid, vakbondsconsulent, vakbondskaderlid, vakbondsbijdrage, vakbondscontributie, lid van de vakbond, lid van fnv, lid van cnv, lid van de fnv, lid van het cnv, fnv-lid, cnv-lid, union member, trade union member, union membership, union dues, shop steward, union rep",
    ),
    Words(
        UNION,
        "fnv, cnv, vakbond, vakvereniging, vakcentrale, abvakabo, aob, vcp, vcp-bond, acop, nu'91, anpv, nvj, bondslid, de unie, staakt, staakte, gestaakt, stakers, staking, stakingsuitkering, meegestaakt, stakingsbereid, unison, trade union, union, on strike, went on strike",
    ),
    Words(
        POLITICAL | FACT,
        "partijlid, partijlidmaatschap, lid van de pvv, lid van de vvd, lid van de sp, lid van de pvda, lid van het cda, lid van d66, lid van groenlinks, lid van forum, politieke voorkeur, politieke overtuiging, politieke opvattingen, politieke gezindheid, stemvoorkeur, stemgedrag, extreemrechts*, extreem-rechts*, extreemlinks*, \
         extreem-links*, rechts-extremist*, links-extremist*, neonazi*, neo-nazi*, anarchist, anarchistisch, communist, reichsbürger, rijksburger, soeverein verklaard, complotdenker, antifa, political views, political beliefs, party member, far-right, far-left, voted for, votes for",
    ),
    Words(
        POLITICAL,
        "pvv, vvd, pvda, cda, d66, groenlinks, groenlinks-pvda, sp, sgp, christenunie, denk, volt, ja21, bbb, 50plus, nsc, bij1, fvd, forum voor democratie, partij voor de dieren, pvdd, nieuw sociaal contract, boerburgerbeweging, leefbaar, kieslijst, kandidatenlijst, partij, politieke partij, partijafdeling, extinction rebellion, \
         viruswaarheid, pkk, grijze wolven, jongerenpartij, jovd, demonstratie, demonstreert, demonstreerde, labour party, conservative party, political party, political",
    ),
    Words(
        SEXUAL | FACT,
        "homo, homoseksueel, homoseksuele, homoseksualiteit, homofiel, lesbisch, lesbische, lesbienne, biseksueel, biseksuele, panseksueel, aseksueel, transgender, transgendervrouw, transgenderman, transvrouw, transman, trans vrouw, trans man, transseksueel, transseksuele, non-binair, nonbinair, non-binaire, queer, intersekse, \
         genderdysforie, genderincongruentie, genderidentiteit, genderneutraal aangesproken, geslachtsverandering, geslachtsaanpassing, geslachtsoperatie, geslachtsregistratie, geslachtswijziging, hormoonbehandeling, relatie met een man, relatie met een vrouw, transitie van man, transitie van vrouw, transitie naar man, transitie naar vrouw, medische transitie, sociale transitie, transitietraject, transitioning, transitioned, aanranding,  seksuele geaardheid, seksuele gerichtheid, seksuele oriëntatie, seksuele voorkeur, geaardheid, \
         uit de kast, coming-out, coming out, op mannen valt, op vrouwen valt, valt op mannen, valt op vrouwen, mannelijke partner, seksueel misbruikt, seksueel misbruik, seksueel geweld, aangerand, verkracht, verkrachting, ongewenst seksueel, incest, loverboy, prostituee, sekswerker, sekswerk, in de prostitutie, seksverslaving, \
         lesbian, bisexual, gay, trans woman, trans man, nonbinary, non-binary, homosexual, gender dysphoria, gender transition, sexual orientation, sexually abused, sexual abuse, raped, sex worker, same-sex partner, his husband, her wife, his boyfriend, her girlfriend",
    ),
    Words(SEXUAL, "man, vrouw, vriend, vriendin, echtgenoot, echtgenote, husband, wife, boyfriend, girlfriend"),
    Words(
        YOUTH | FACT,
        "ots, onder toezicht gesteld, onder toezicht, ondertoezichtstelling, ondertoezichtgestelde, uhp, uithuisplaatsing, uithuisgeplaatst*, uit huis geplaatst*, uit huis geplaatste, machtiging uithuisplaatsing, gezinsvoogd, gezinsvoogdes, gezinsvoogdij, voogdij, voogdijmaatregel, jeugdbeschermer, jeugdbescherming, jeugdreclassering, jeugdreclasseerder, \
         veilig thuis-melding, veilig thuis melding, melding bij veilig thuis, gemeld bij veilig thuis, zorgmelding, pleeggezin, pleegzorg, pleegouders, pleegmoeder, pleegvader, pleegkind, netwerkpleeggezin, crisispleeggezin, crisisplaatsing, jeugdzorg-plus, gesloten groep, jeugdzorgplus, gesloten jeugdzorg, gesloten plaatsing, gezinshuis, jeugdzorg, leefgroep, kinderbeschermingsmaatregel, \
         kinderbeschermingsonderzoek, raadsonderzoek, raad voor de kinderbescherming, gezagsbeëindiging, gezag beëindigd, gezagsbeëindigende maatregel, ontheven uit het gezag, uit de ouderlijke macht, pgb jeugd, jeugd-pgb, jeugdhulp, jeugdhulpverlening, jeugdhulptraject, jeugd-ggz, omgangsregeling, \
         begeleide omgang, kindermishandeling, verwaarlozing, verwaarloosd*, leerplichtambtenaar, schoolverzuim, leerplichtmelding, ongeoorloofd verzuim, thuiszitter, spijbelt, spijbelde, \
         foster care, foster family, foster parents, foster home, care order, supervision order, child protection, child protection plan, placed in care, taken into care, out-of-home placement, social services removed, guardian ad litem, youth care, truancy, neglected, juvenile care",
    ),
    Words(
        YOUTH,
        "kinderrechter, veilig thuis, gecertificeerde instelling, jeugdconsulent, jeugdteam, jeugdwet, jeugdprofessional, leerplicht, verzuim, gezinscoach, opvoedproblemen, opvoedondersteuning, gezinsbegeleiding, intensieve ambulante, ambulante begeleiding, cjg, wijkteam, sociaal team, crisisdienst jeugd, child services, social services, school attendance",
    ),
    Words(
        DEBT | FACT,
        "schulden, schuld van, schuldenlast, schuldenproblematiek, schuldeiser, schuldeisers, schuldbedrag, totale schuld, problematische schulden, schuldsanering, saneringskrediet, saneringstraject, schuldregeling, schuldhulptraject, schuldhulpverleningstraject, minnelijk traject, minnelijke schuldregeling, wsnp, wsnp-traject, msnp, \
         wettelijke schuldsanering, toegelaten tot de wsnp, beslag gelegd, loonbeslag, beslag op loon, beslag op haar loon, beslag op zijn loon, bankbeslag, beslag op, beslaglegging, beslagvrije voet, geld geleend, leent geld, achter met huur, achter met de huur, achter met zijn huur, achter met haar huur, debt restructuring, rekeningen niet betalen, deurwaarder, deurwaarders, deurwaarderskantoor, bewind, bewindvoerder, beschermingsbewind, budgetbeheer, onder bewind, onder bewind gesteld, onder curatele, \
         inkomensbeheer, leefgeld, weekgeld, huurachterstand, betalingsachterstand*, achterstand van, betalingsregeling, huurschuld, energieschuld, zorgschuld, belastingschuld, toeslagschuld, hypotheekachterstand, huurachterstanden, achterstallige huur, achterstallig, incasso, incassobureau, incassotraject, wanbetaler, wanbetalersregeling, cak-regeling, \
         ontruiming, ontruimingsvonnis, ontruimd, huisuitzetting, uit huis gezet, afsluiting van energie, afgesloten van gas, rood staat, staat rood, in het rood, leningen, lening bij, bijstandsuitkering, bijstand, bijstandsgerechtigd, bijzondere bijstand, participatiewet-uitkering, participatiewetuitkering, ioaw, ioaz, bbz, bbz-uitkering, algemene bijstand, \
         fraudevordering, bijstandsfraude, individuele inkomenstoeslag, inkomenstoeslag, minimaregeling, voedselbank, voedselpakket, voedselbonnen, failliet, faillissement, persoonlijk faillissement, insolvent, gokschulden, studieschuld, gekort op, uitkering stopgezet, \
         debts, in debt, debt of, debt collector, debt collectors, bailiff, bailiffs, rent arrears, arrears, garnished, attachment of earnings, payment arrears, bankrupt, bankruptcy, evicted, eviction, food bank, on benefits, welfare benefit, social assistance, universal credit, debt relief, debt counselling, payday loans",
    ),
    Words(
        DEBT,
        "dwangbevel, kredietbank, schuld, schuldhulp, schuldhulpverlening, schuldhulpverlener, schulddienstverlening, plangroep, beslag, krediet, lening, participatiewet, toeslagenaffaire, gedupeerde, vordering, terugvordering, curatele, armoede, owes, energierekening, debt, benefits, loan, overdue",
    ),
    Words(
        VIOLENCE | FACT,
        "mishandeld, mishandelt, mishandelde, mishandelingen, geslagen, trap af geduwd, trap af heeft geduwd, van de trap geduwd, slaat haar, slaat hem, sloeg haar, sloeg hem, geschopt, gewurgd, wurgde, keel dichtgeknepen, gestalkt, stalkt, stalking, belaagd, belaging, huisverbod, tijdelijk huisverbod, contactverbod, straatverbod, locatieverbod, gebiedsverbod, blijf-van-mijn-lijfhuis, blijf van mijn lijf*, blijfhuis, \
         vrouwenopvang, noodopvang vrouwen, eergerelateerd*, eerwraak, huwelijksdwang, gedwongen huwelijk, uithuwelijken, ondergedoken, uitgehuwelijkt, achterlating, vrouwelijke genitale verminking, genitale verminking, huiselijk geweld, relationeel geweld, partnergeweld, ex-partnergeweld, intieme terreur, dwingende controle, aware-knop, aware-alarm, aware-systeem, wth, \
         lichamelijk geweld, fysiek geweld, psychisch geweld, geestelijk mishandeld, blauwe plekken, veiligheidsplan, niet veilig thuis, onveilig thuis, onveilige thuissituatie, ouderenmishandeling, oudermishandeling, gegijzeld, opgesloten in huis, doodsbedreig*, met de dood bedreigd, agressieve ex, gewelddadige ex, \
         beaten, beats her, beats him, hits her, hit her, domestic violence, domestic abuse, abused by, abusive, abuses, assaulted by, restraining order, women's shelter, women's refuge, refuge, stalked, stalks, strangled, honour-based, forced marriage, coercive control, barring order, bruises",
    ),
    Words(
        VIOLENCE,
        "bedreigd, bedreigt, bedreigde, bedreiging, bedreigingen, mishandeling, slaat, sloeg, geweld, aware, opvanglocatie, gevlucht, onveilig, geduwd, gegooid, agressief, agressie, ruzie, ruzies, threatened, threatens, hits, violent, violence, abuse, shelter",
    ),
    Words(
        MINOR,
        "minderjarige, minderjarig, leerling, leerlinge, kleuter, peuter, zuigeling, brugklasser, scholiere, scholier, basisschoolleerling, pupil, schoolgirl, schoolboy, toddler, schoolkind, jeugdige, tiener, puber",
    ),
];
