//! What people, companies and places are called in each country. Lists begin with what is most common.

use super::phones::{Phones, Plan};

/// How a country builds a surname.
pub enum Family {
    /// Mostly one of a list, otherwise a stem and an ending.
    Composed {
        /// Whole surnames.
        whole: &'static str,
        /// First parts.
        stems: &'static str,
        /// Second parts.
        endings: &'static str,
    },
    /// Two of a list for most people.
    Double(&'static str),
    /// One of a list; women's end in `а`.
    Gendered(&'static str),
    /// Han characters, each with its reading, before the given name.
    Han,
}

/// One country of the generator.
pub struct Country {
    /// ISO 3166.
    pub iso: &'static str,
    /// As an address book writes it.
    pub name: &'static str,
    /// How many of 100 people live there.
    pub share: usize,
    /// Men's given names.
    pub men: &'static str,
    /// Women's given names.
    pub women: &'static str,
    /// Surnames.
    pub family: Family,
    /// Words that companies are named after.
    pub brands: &'static str,
    /// What companies do.
    pub trades: &'static str,
    /// Legal forms, `|` between them; `_` is none.
    pub forms: &'static str,
    /// `|` between them.
    pub titles: &'static str,
    /// `|` between them.
    pub cities: &'static str,
    /// `|` between them; `%` is the house number.
    pub streets: &'static str,
    /// `#` is a digit.
    pub postcode: &'static str,
    /// Phone numbers.
    pub phones: Phones,
}

/// Their shares add up to 100.
pub static COUNTRIES: &[Country] = &[
    Country {
        iso: "CN",
        name: "中国",
        share: 20,
        men: "",
        women: "",
        family: Family::Han,
        brands: "",
        trades: "",
        forms: "有限公司|股份有限公司|_|集团|有限责任公司|_",
        titles: "销售经理|总经理|工程师|采购主管|市场总监|财务|人事经理|产品经理|客户经理|技术总监|店长|设计师|行政|顾问|项目经理|董事长",
        cities: "北京市|上海市|深圳市|广州市|杭州市|成都市|南京市|武汉市|西安市|苏州市|重庆市|青岛市|厦门市|长沙市|天津市|大连市",
        streets: "中山路%号|人民路%号|建设大道%号|解放北路%号|科技园南区%栋|长江路%号|新华街%号|文三路%号|滨江大道%号|和平里%号楼",
        postcode: "#####0",
        phones: Phones {
            code: "86",
            mobile: Plan {
                reserved: "",
                general: "138 139 136 137 135 158 159 186 188 189 133 150 151 152 182 187 131 132 180 181 177 166 199",
                international: "### #### ####",
                national: "###########",
            },
            landline: Plan {
                reserved: "",
                general: "105 106 212 213 215 216",
                international: "## #### ####",
                national: "0##-########",
            },
        },
    },
    Country {
        iso: "US",
        name: "United States",
        share: 18,
        men: "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Walter Ethan Jeremy Harold Keith Christian Roger Noah Gerald Carl Terry Sean Austin Arthur Lawrence Jesse Dylan Bryan Joe Jordan Billy Bruce Albert Willie Gabriel Logan Alan Juan Wayne Roy Ralph Randy Eugene Vincent Russell Elijah Louis Bobby Philip Johnny Marcus Darnell Tyrone Omar",
        women: "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Margaret Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Samantha Katherine Christine Debra Rachel Carolyn Janet Catherine Maria Heather Diane Ruth Julie Olivia Joyce Virginia Victoria Kelly Lauren Christina Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline Martha Gloria Teresa Ann Sara Madison Frances Kathryn Janice Jean Abigail Alice Judy Sophia Grace Denise Amber Doris Marilyn Danielle Beverly Isabella Theresa Diana Natalie Brittany Charlotte Marie Kayla Alexis Lori Latoya Keisha Guadalupe Mei",
        family: Family::Composed {
            whole: "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins",
            stems: "Ash Black Brad Brook Burn Carl Chest Clay Cliff Cran Dal Den East El Fair Fen Green Hal Ham Hart Haw Hol King Lang Lin Mar Mid New North Oak Pem Rad Red Rock Shel Stan Sut Thorn Wal Whit Win Wood",
            endings: "bury by combe dale den field ford ham land ley man more row son stead ston ton wall well wick wood worth",
        },
        brands: "Summit Northwind Cascade Liberty Pioneer Evergreen Redwood Granite Harbor Bluebird Lakeside Ironwood Copper Prairie Atlas Beacon Cedar Delta Eagle Falcon Golden Horizon Juniper Keystone Lone-Star Maple Nova Orchard Pinnacle Quantum Ridge Sierra Timber Union Vista Willow Zenith Acme Bright Canyon Driftwood Echo Frontier Glacier Hudson Initech Jasper Kodiak Lumen Mesa",
        trades: "Software Logistics Foods Dental Realty Partners Systems Health Energy Media Consulting Labs Motors Supply Design Insurance Robotics Capital Farms Studios Construction Analytics Travel Security Outdoor",
        forms: "Inc.|LLC|Corp.|_|Group|& Co.|Holdings",
        titles: "Sales Manager|Account Executive|Software Engineer|VP Marketing|Owner|CEO|Office Manager|Project Manager|Buyer|Director of Operations|CFO|Attorney|Nurse|Product Designer|Customer Success Manager|Analyst|Recruiter|Teacher|Architect, AIA|Senior Consultant",
        cities: "New York|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|Austin|Seattle|Denver|Boston|Portland|Nashville|Columbus|Oakland|Madison|Santa Fe|Ann Arbor",
        streets: "% Maple Street|% Oak Avenue|% Main St|% Washington Blvd|% Park Ave, Apt %|% Lakeview Drive|% Elm Street|% Cedar Lane|% 5th Ave|% Sunset Blvd",
        postcode: "#####",
        phones: Phones {
            code: "1",
            mobile: Plan {
                reserved: US_FICTION,
                general: US_GENERAL,
                international: "###-###-####",
                national: "(###) ###-####",
            },
            landline: Plan {
                reserved: "",
                general: "2127 3108 3128 4157 6178 2068 5128 3038",
                international: "### ### ####",
                national: "###-###-####",
            },
        },
    },
    Country {
        iso: "GB",
        name: "United Kingdom",
        share: 9,
        men: "Oliver Jack Harry George Noah Charlie Jacob Alfie Freddie Oscar Leo Logan Archie Theo Thomas James Joshua Henry William Max Lucas Ethan Arthur Mason Isaac Harrison Teddy Finley Daniel Riley Edward Joseph Alexander Adam Reggie Samuel Jaxon Sebastian Elliot Lewis Tommy Dylan Toby Benjamin Nathan Callum Gareth Rhys Owen Alistair Hamish Duncan Ewan Nigel Graham Simon Ian Colin Trevor Imran Mohammed Hugh Rupert",
        women: "Olivia Amelia Isla Ava Emily Sophia Grace Mia Poppy Ella Lily Evie Isabelle Sophie Ivy Freya Charlotte Daisy Alice Florence Phoebe Jessica Sienna Ruby Millie Elsie Matilda Rosie Harriet Eliza Imogen Beatrice Maisie Megan Bethan Sian Cerys Fiona Eilidh Catriona Gillian Hilary Philippa Nicola Joanna Tracey Zara Aisha Priya Niamh Siobhan Orla",
        family: Family::Composed {
            whole: "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis Rogers Adams Begum Ali Singh Kaur Hussain Murphy Kelly O'Brien O'Neill MacDonald Campbell Stewart Robertson Fraser Murray Sinclair Llewellyn Griffiths Morgan Pritchard Ellis Bennett Cook Bailey Cooper Richardson Cox Marshall Ward Turner Hill Moore Clark Baker Harris King Lee Allen Scott Parker Edwards Hughes Watson Harrison Young Shaw Chapman Simpson Webb Palmer Barker Fletcher Barnes Fisher Saunders Hudson Gibson Lloyd Powell",
            stems: "Ald Ash Bar Bec Birk Bram Brod Chol Comp Crow Cun Dun Elm Farn Grant Harl Hawk Hink Kirk Lang Leigh Mer Nor Ox Pres Ren Rip Rush Shep Skel Sted Stock Thorn Tun Wake Wals Wet Whar Win York",
            endings: "bridge brook burgh by caster combe field ford gate ham hurst ington ley mere more shaw thorpe ton well wood worth",
        },
        brands: "Albion Britannia Thames Pennine Cotswold Severn Highland Mersey Avon Tweed Windsor Sterling Kestrel Oakham Ferndale Greenwich Hadrian Jubilee Kingsway Lancaster Marlow Northgate Osprey Primrose Regent Saxon Tudor Wessex Yorkstone Ashford Bramble Chiltern Dovecote Elgar Fenland",
        trades: "Engineering Consulting Textiles Publishing Foods Logistics Print Interiors Recruitment Digital Energy Marine Estates Ceramics Solicitors Travel Brewing Accountancy Garden Events Systems",
        forms: "Ltd|plc|_|LLP|& Sons",
        titles: "Managing Director|Account Manager|Solicitor|Office Administrator|Software Developer|Buyer|Head of Sales|Chartered Accountant|Marketing Executive|Partner|GP|Lecturer|Operations Manager|Site Manager|Editor",
        cities: "London|Manchester|Birmingham|Leeds|Glasgow|Edinburgh|Bristol|Cardiff|Liverpool|Newcastle upon Tyne|Sheffield|Belfast|Norwich|Bath|York|Exeter",
        streets: "% High Street|% Station Road|% Church Lane|% Victoria Road|Flat %, Queens Court|% The Green|% Mill Lane|% Albert Street",
        postcode: "SW# #NA",
        phones: Phones {
            code: "44",
            mobile: Plan {
                reserved: "",
                general: "7711 7712 7810 7811 7912 7914 7402 7515 7584",
                international: "#### ######",
                national: "0#### ######",
            },
            landline: Plan {
                reserved: "2079460",
                general: "2071 2072 2074 2076 2083 2085",
                international: "## #### ####",
                national: "0## #### ####",
            },
        },
    },
    Country {
        iso: "DE",
        name: "Deutschland",
        share: 9,
        men: "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Horst Frank Dieter Manfred Gerhard Hans Bernd Thorsten Matthias Helmut Walter Heinz Martin Jörg Rolf Jens Sven Alexander Jan Rainer Holger Karl Dirk Joachim Ralf Carsten Oliver Markus Tobias Sebastian Daniel Florian Lukas Jonas Felix Maximilian Leon Moritz Niklas Björn Götz Mehmet Mustafa Emre",
        women: "Ursula Maria Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Erika Andrea Gisela Claudia Susanne Gabriele Christa Christine Hildegard Anna Birgit Barbara Gerda Heike Angelika Martina Stefanie Julia Katharina Nicole Sandra Melanie Jana Lea Lena Hannah Mia Emma Sophie Johanna Franziska Käthe Annegret Jördis Anke Silke Ayşe Fatma Zeynep",
        family: Family::Composed {
            whole: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Yılmaz Kaya Öztürk",
            stems: "Alten Berg Birken Blumen Brand Breiten Buchen Dorn Eichen Eisen Feld Freuden Gold Grün Hagen Heiden Hirsch Hohen Kalten Kirch Kron Lauter Linden Löwen Mühl Neu Ober Reichen Rosen Schön Silber Stein Tannen Unter Wald Weiden Wiesen",
            endings: "bach bauer baum berg berger bruck dorf er feld hausen hof hofer holz mann meier müller rath stein thal wald",
        },
        brands: "Adler Alpen Bavaria Elbe Falken Hansa Isar Kronen Linden Merkur Neckar Nord Rhein Saale Spree Tanne Weser Donau Harz Eifel Bergmann Bosse Diehlmann Egger Franzen Gessner Hallmann Kestner Lohmann Möwe Quelle Reuter Stahlwerk Taunus Ulmer Vogtland",
        trades: "Maschinenbau Logistik Technik Bau Verlag Immobilien Energie Druck Handel Software Medizintechnik Elektronik Möbel Brauerei Beratung Werkzeuge Optik Chemie Transporte Gartenbau",
        forms: "GmbH|AG|_|KG|e.K.|& Partner",
        titles: "Geschäftsführer|Vertriebsleiterin|Einkauf|Projektleiter|Ingenieurin|Steuerberater|Sachbearbeiter|Prokuristin|Softwareentwickler|Ärztin|Lehrer|Marketing|Rechtsanwalt|Architektin",
        cities: "Berlin|Hamburg|München|Köln|Frankfurt am Main|Stuttgart|Düsseldorf|Leipzig|Dortmund|Bremen|Dresden|Hannover|Nürnberg|Freiburg|Münster|Tübingen",
        streets: "Hauptstraße %|Bahnhofstraße %|Gartenweg %|Schillerstr. %|Am Markt %|Lindenallee %|Goethestraße %|Mühlweg %",
        postcode: "#####",
        phones: Phones {
            code: "49",
            mobile: Plan {
                reserved: "",
                general: "160 162 170 171 172 173 174 175 177 178",
                international: "### #######",
                national: "0###/#######",
            },
            landline: Plan {
                reserved: "3023125 6990009 8999998",
                general: "302 403 892 221 711",
                international: "## ########",
                national: "0## ########",
            },
        },
    },
    Country {
        iso: "FR",
        name: "France",
        share: 8,
        men: "Jean Pierre Michel André Philippe Alain Jacques Bernard Marcel Daniel Roger Robert Claude Christian Gérard René Louis Patrick Nicolas François Christophe Laurent Stéphane Éric David Julien Frédéric Pascal Olivier Sébastien Thierry Vincent Alexandre Bruno Thomas Antoine Maxime Hugo Lucas Gabriel Raphaël Théo Mathis Jean-Luc Jean-Marc Jean-Baptiste Loïc Gaël Benoît Cédric Karim Mehdi",
        women: "Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Suzanne Hélène Christine Marguerite Denise Louise Christiane Yvonne Valérie Sophie Sandrine Stéphanie Céline Chantal Véronique Aurélie Émilie Julie Camille Léa Chloé Manon Inès Zoé Anaïs Élodie Margaux Clémence Agnès Geneviève Anne-Sophie Marie-Claire Maëlle Fatima Yasmine",
        family: Family::Composed {
            whole: "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche Roy Noël Meyer Lucas Meunier Jean Pérez Marchand Dufour Blanchard Marie Barbier Brun Dumas Brunet Schmitt Leroux Colin Fernandez Pierre Renard Arnaud Rolland Caron Aubert Giraud Leclerc Vidal Bourgeois Renaud Lemoine Picard Gaillard Philippe Leclercq Lacroix Fabre Dupuis Olivier Rodriguez Da-Silva Hubert Louis Charles Guillot Rivière Benali Diallo",
            stems: "Beau Bel Bois Bon Bour Chan Char Cour Dan Desro Du Fon Gran Haut La Le Lon Mal Mon Mont Mou Pel Poi Pré Ro Saint- Sau Tho Val Ville Vi",
            endings: "bert chet clair court din don fort gnon lard let lier main marchand mont neuve pierre quet rand roche ron ssier teau val zier",
        },
        brands: "Aquitaine Azur Bretagne Lumière Montagne Soleil Rivage Étoile Horizon Cévennes Lavande Mistral Océane Provence Rivoli Saint-Clair Tramontane Vallée Ardenne Belleville Clairmont Dauphin Escale Faubourg Garrigue Hirondelle",
        trades: "Conseil Bâtiment Transports Vins Édition Informatique Immobilier Énergie Boulangerie Textile Assurances Optique Mécanique Voyages Formation Paysages",
        forms: "SARL|SAS|SA|_|et Fils",
        titles: "Directeur commercial|Chargée de clientèle|Ingénieur|Gérante|Responsable achats|Comptable|Avocate|Chef de projet|Développeur|Médecin|Assistante de direction|Professeur",
        cities: "Paris|Marseille|Lyon|Toulouse|Nice|Nantes|Strasbourg|Montpellier|Bordeaux|Lille|Rennes|Grenoble|Dijon|Angers|Saint-Étienne|Besançon",
        streets: "% rue de la République|% avenue Victor-Hugo|% boulevard Gambetta|% rue des Écoles|% place de l'Église|% chemin des Vignes|% bis, rue Pasteur",
        postcode: "#####",
        phones: Phones {
            code: "33",
            mobile: Plan {
                reserved: "",
                general: "61 62 66 67 60 68",
                international: "# ## ## ## ##",
                national: "0# ## ## ## ##",
            },
            landline: Plan {
                reserved: "",
                general: "142 143 145 148 155",
                international: "# ## ## ## ##",
                national: "0#.##.##.##.##",
            },
        },
    },
    Country {
        iso: "ES",
        name: "España",
        share: 7,
        men: "Antonio Manuel José Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl Iván Rubén Enrique Óscar Ramón Vicente Andrés Joaquín Santiago Eduardo Víctor Mario Roberto Jaime Ignacio Marcos Hugo Íñigo Jordi Oriol Aitor",
        women: "María Carmen Ana Isabel Laura Cristina Marta Dolores Lucía Pilar Elena Sara Paula Raquel Mercedes Rosario Beatriz Juana Teresa Julia Encarnación Nuria Silvia Irene Alba Patricia Montserrat Rocío Andrea Rosa Mónica Sonia Alicia Sandra Ángela Inés Susana Natalia Margarita Claudia Belén Begoña Ainhoa Nerea Leire Itziar",
        family: Family::Double(
            "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego Vidal León Márquez Herrera Peña Flores Cabrera Campos Vega Fuentes Carrasco Díez Reyes Caballero Nieto Aguilar Pascual Santana Herrero Lorenzo Montero Hidalgo Giménez Ibáñez Ferrer Durán Santiago Benítez Mora Vicente Vargas Arias Carmona Crespo Román Pastor Soto Sáez Velasco Soler Moya Esteban Parra Bravo Gallardo Rojas Etxeberria Puig Ferreiro",
        ),
        brands: "Aurora Castilla Cierzo Costa Duero Ebro Levante Meseta Olivar Pirineo Sierra Sol Tajo Vega Albéniz Almendro Brisa Cantábrico Encina Faro Giralda Norte",
        trades: "Consultores Construcciones Alimentación Transportes Editorial Informática Inmobiliaria Energía Bodegas Textil Seguros Turismo Ingeniería Formación",
        forms: "S.L.|S.A.|_|e Hijos",
        titles: "Director comercial|Gerente|Ingeniera|Abogado|Responsable de compras|Contable|Administrativa|Jefe de proyecto|Médica|Profesor|Arquitecta|Comercial",
        cities: "Madrid|Barcelona|Valencia|Sevilla|Zaragoza|Málaga|Murcia|Bilbao|Alicante|Córdoba|Valladolid|Vigo|Gijón|A Coruña|Granada|San Sebastián",
        streets: "Calle Mayor, %|Avda. de la Constitución, %|Plaza de España, %|C/ San Juan, % 2º B|Paseo del Prado, %|Calle Real, %",
        postcode: "#####",
        phones: Phones {
            code: "34",
            mobile: Plan {
                reserved: "",
                general: "60 61 62 63 64 65 66 67 68 69",
                international: "### ### ###",
                national: "### ## ## ##",
            },
            landline: Plan {
                reserved: "",
                general: "914 915 916 932 933 934 963 954",
                international: "## ### ## ##",
                national: "## ### ## ##",
            },
        },
    },
    Country {
        iso: "IT",
        name: "Italia",
        share: 6,
        men: "Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo Franco Domenico Bruno Paolo Michele Giorgio Aldo Sergio Luciano Andrea Marco Alessandro Matteo Lorenzo Davide Simone Luca Stefano Roberto Riccardo Gabriele Federico Nicolò Filippo Tommaso Edoardo Emanuele Fabio Claudio",
        women: "Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Carmela Caterina Francesca Antonietta Carla Elena Concetta Rita Margherita Franca Paola Giulia Chiara Sara Martina Alessia Federica Elisa Silvia Valentina Laura Ilaria Giorgia Beatrice Alice Sofia Aurora Noemi Simona Barbara Daniela Cristina",
        family: Family::Composed {
            whole: "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De-Luca Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola De-Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini Messina Sala De-Angelis Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino Carbone Giuliani Benedetti Barone Rossetti Caputo Montanari Guerra Palmieri Bernardi Martino Fiore",
            stems: "Bell Ben Bert Bon Bran Cap Carl Cast Cav Dell Fab Fior Gar Grim Lan Lup Mag Mal Mar Mas Mon Nic Pal Pas Pic Rin Sal Sant Sar Tad Tor Vent Ver Zan",
            endings: "acci aldi ani anti ardi aro atti elli ellini ero eschi etti iani ieri ini ino isi oli one oni otti ucci",
        },
        brands: "Adriatica Alba Aurelia Bellavista Chianti Dolomiti Fiorentina Garda Lago Laguna Marina Milanese Palatino Primavera Riviera Romana Stella Tirreno Vesuvio Arno Etna Levante",
        trades: "Costruzioni Alimentari Trasporti Editrice Informatica Immobiliare Energia Vini Tessuti Assicurazioni Viaggi Meccanica Ceramiche Arredamenti Consulenza",
        forms: "S.r.l.|S.p.A.|_|& Figli",
        titles: "Direttore vendite|Titolare|Ingegnere|Avvocato|Responsabile acquisti|Commercialista|Impiegata|Project manager|Medico|Insegnante|Architetto",
        cities: "Roma|Milano|Napoli|Torino|Palermo|Genova|Bologna|Firenze|Bari|Catania|Venezia|Verona|Trieste|Padova|Forlì|L'Aquila",
        streets: "Via Roma, %|Corso Italia, %|Piazza Garibaldi, %|Via Dante Alighieri, %/B|Viale della Libertà, %|Vicolo Stretto, %",
        postcode: "#####",
        phones: Phones {
            code: "39",
            mobile: Plan {
                reserved: "",
                general: "320 328 329 333 335 338 339 340 347 348 349 366 380 388",
                international: "### ### ####",
                national: "### #######",
            },
            landline: Plan {
                reserved: "",
                general: "064 065 068 024 028 026",
                international: "## #### ####",
                national: "## ########",
            },
        },
    },
    Country {
        iso: "SE",
        name: "Sverige",
        share: 3,
        men: "Lars Mikael Anders Johan Erik Per Karl Peter Jan Thomas Daniel Fredrik Hans Bengt Bo Mats Andreas Stefan Sven Göran Jörgen Åke Björn Håkan Gösta Mårten Pär Torbjörn Emil Oskar Viktor Axel Måns Love",
        women: "Anna Eva Maria Karin Kristina Lena Kerstin Sara Malin Ingrid Birgitta Marie Åsa Emma Jenny Annika Johanna Linda Ulla Elin Ebba Märta Märit Gunilla Hélène Sofia Ida Maja Wilma Alva Tuva Saga Astrid Linnéa",
        family: Family::Composed {
            whole: "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Håkansson Björk Öberg Ångström",
            stems: "Ahl Alm Berg Björk Blom Dahl Ek Eng Fors Grön Hag Hall Hed Hell Holm Häll Lilje Lind Lund Norr Ny Näs Rosen Sand Sjö Skog Stål Sund Söder Vester Wall Wik Åker Öst",
            endings: "berg blad borg dahl din gren gård kvist lund mark man ros sjö stedt stam strand ström vall ås",
        },
        brands: "Norrsken Mälar Vättern Björnö Fjäll Skärgård Östersjö Lycka Svea Älg Blåsippa Kronan",
        trades: "Bygg Konsult Data Förlag Transport Energi Möbler Trädgård Livs Teknik Design",
        forms: "AB|_|& Co|HB",
        titles: "Försäljningschef|VD|Ingenjör|Inköpare|Ekonomiansvarig|Läkare|Projektledare|Lärare|Jurist",
        cities: "Stockholm|Göteborg|Malmö|Uppsala|Västerås|Örebro|Linköping|Umeå|Jönköping",
        streets: "Storgatan %|Drottninggatan %|Kungsvägen %|Skolgatan %|Björkvägen %|Ågatan %",
        postcode: "### ##",
        phones: Phones {
            code: "46",
            mobile: Plan {
                reserved: "7017406",
                general: "702 703 705 706 707 708 730 736 739 760 762 768",
                international: "##-### ## ##",
                national: "0##-### ## ##",
            },
            landline: Plan {
                reserved: "8465004 3190100",
                general: "85 86",
                international: "#-### ### ##",
                national: "0#-### ### ##",
            },
        },
    },
    Country {
        iso: "NO",
        name: "Norge",
        share: 2,
        men: "Jan Per Bjørn Ole Lars Kjell Knut Svein Thomas Arne Geir Hans Morten Martin Tor Odd Øyvind Øystein Håkon Pål Tørres Magnus Sindre Eirik Sondre Åge",
        women: "Anne Inger Kari Marit Liv Eva Ingrid Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi Ida Nina Maria Elisabeth Åse Synnøve Gunnbjørg Ragnhild Sigrid Frøydis Tiril",
        family: Family::Composed {
            whole: "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Bakken Østby Ødegård Åsen Bråten",
            stems: "Aas Bjørn Brekk Eid Fjell Granl Haug Holm Kjel Kval Lang Lille Myr Nord Rød Sand Skog Sol Stor Sund Tveit Vest Øst Ås",
            endings: "aker berg bø dal eng fjord heim hus land lien moen nes rud seth stad sæter vik vold ås",
        },
        brands: "Fjord Nordlys Tromsø Lofoten Vidde Havørn Bryggen Solskinn Isbre Ørnes",
        trades: "Bygg Fisk Data Forlag Transport Energi Møbler Rør Regnskap Reiser",
        forms: "AS|ASA|_",
        titles: "Daglig leder|Salgssjef|Ingeniør|Innkjøper|Lærer|Lege|Prosjektleder|Rådgiver",
        cities: "Oslo|Bergen|Trondheim|Stavanger|Tromsø|Drammen|Bodø|Ålesund",
        streets: "Storgata %|Kirkeveien %|Skolegata %|Bjørkeveien %|Ø. Strandgate %",
        postcode: "####",
        phones: Phones {
            code: "47",
            mobile: Plan {
                reserved: "",
                general: "90 91 92 95 97 98 99 40 41 45 46 48",
                international: "### ## ###",
                national: "### ## ###",
            },
            landline: Plan {
                reserved: "",
                general: "22 55 73 51",
                international: "## ## ## ##",
                national: "## ## ## ##",
            },
        },
    },
    Country {
        iso: "DK",
        name: "Danmark",
        share: 2,
        men: "Peter Jens Lars Michael Søren Henrik Thomas Jørgen Niels Martin Hans Christian Rasmus Jesper Jan Bent Torben Anders Morten Mads Kasper Bjarne Aage Øjvind Mikkel",
        women: "Anne Kirsten Mette Hanne Helle Anna Susanne Lene Maria Marianne Inge Lone Karen Bente Camilla Pia Charlotte Louise Gitte Jette Åse Maja Sørine Birthe Bodil",
        family: Family::Composed {
            whole: "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Østergaard Kjær Nørgaard Bæk Skovgaard Højlund",
            stems: "Aa Berg Bjerre Brand Brøn Dal Eng Grøn Hede Holm Høj Kirke Kjær Lille Lund Mark Mose Nør Over Ravn Skov Sten Sønder Toft Vester Øster",
            endings: "agerskov bjerg borg by dahl gaard holm høj lund mann næs skov strup toft vang vig",
        },
        brands: "Havnen Nyhavn Kattegat Øresund Rødkilde Svane Bøgelund Klit Vandværk Fyn",
        trades: "Byg Design Data Forlag Transport Energi Møbler Bageri Revision Rejser",
        forms: "A/S|ApS|_",
        titles: "Direktør|Salgschef|Ingeniør|Indkøber|Lærer|Læge|Projektleder|Revisor",
        cities: "København|Aarhus|Odense|Aalborg|Esbjerg|Helsingør|Rønne|Køge",
        streets: "Østergade %|Vestergade %, 2. tv.|Strandvejen %|Nørregade %|Kirkevej %",
        postcode: "####",
        phones: Phones {
            code: "45",
            mobile: Plan {
                reserved: "",
                general: "204 214 225 233 266 287 301 404 421 505 516 602 618",
                international: "## ## ## ##",
                national: "## ## ## ##",
            },
            landline: Plan {
                reserved: "",
                general: "331 354 396 861",
                international: "#### ####",
                national: "########",
            },
        },
    },
    Country {
        iso: "JP",
        name: "Japan",
        share: 5,
        men: "Hiroshi Takashi Kenji Makoto Akira Satoshi Daisuke Kazuya Takuya Yuki Haruto Ren Sota Yuto Kaito Shota Tsubasa Ryo Kenta Naoki Shinji Tetsuya Masaru Osamu Minoru Shigeru Ichiro Jiro Goro Koichi Junichi Shin'ichi Ryohei Kohei Sho",
        women: "Yoko Keiko Kazuko Hiroko Sachiko Yumi Akiko Naomi Mayumi Emi Yuka Ai Aya Misaki Sakura Hana Yui Rin Hina Mio Aoi Nanami Riko Haruka Ayumi Kaori Chie Michiko Fumiko Setsuko Noriko Reiko Tomoko Jun'ko Shizuka",
        family: Family::Composed {
            whole: "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Saito Shimizu Yamazaki Mori Abe Ikeda Hashimoto Yamashita Ishikawa Nakajima Maeda Fujita Ogawa Goto Okada Hasegawa Murakami Kondo Ishii Sakamoto Endo Aoki Fujii Nishimura Fukuda Ota Miura Takeuchi Nakagawa Okamoto Matsuda Harada Nakano Ono Tamura Fujiwara Ueda Morita Hara Shibata Sakai Kudo Yokoyama Miyazaki Miyamoto Uchida Takagi Ando Taniguchi Ohno Maruyama Imai",
            stems: "Aki Ara Fuji Fuku Furu Hama Hara Haya Hira Hoshi Ichi Iwa Kawa Kita Kuro Matsu Mina Miya Mori Mura Naka Nishi Oka Saka Shima Shira Sugi Taka Take Tani Tera Tomi Uchi Ue Yama Yoshi",
            endings: "bashi be da fuji gawa guchi hara hashi hira jima kawa ki mi moto mura nishi no oka saki sawa shima shita ta tani to uchi ya yama zawa",
        },
        brands: "Asahara Hikari Kaze Mizuho Sakura Tsubame Yamato Hoshino Aozora Kiku Minato Nagisa Shirakaba Tanpopo Umi Wakaba",
        trades: "Denki Shoji Foods Kogyo Seisakusho Shuppan Unyu Systems Kensetsu Trading Precision Optical",
        forms: "K.K.|Co., Ltd.|_|Corporation",
        titles: "Sales Manager|President|Engineer|Section Chief|Buyer|General Manager|Researcher|Designer",
        cities: "Tokyo|Osaka|Yokohama|Nagoya|Sapporo|Fukuoka|Kobe|Kyoto|Sendai|Hiroshima",
        streets: "%-3-12 Minami-Aoyama|%-1 Honmachi|%-5-7 Sakuragi-cho|%-2-9 Kita-ku Nakatsu",
        postcode: "###-####",
        phones: Phones {
            code: "81",
            mobile: Plan {
                reserved: "",
                general: "901 902 903 904 801 802 803 804 701 702",
                international: "##-####-####",
                national: "0##-####-####",
            },
            landline: Plan {
                reserved: "",
                general: "33 34 35 36",
                international: "#-####-####",
                national: "0#-####-####",
            },
        },
    },
    Country {
        iso: "IN",
        name: "India",
        share: 5,
        men: "Rahul Amit Sanjay Rajesh Vijay Suresh Arun Anil Sunil Ravi Manoj Deepak Ashok Vikram Arjun Rohit Karthik Ganesh Mahesh Ramesh Prakash Krishna Mohan Naveen Aditya Varun Siddharth Harish Imran Mohammed Farhan Gurpreet Harpreet Balaji Senthil Murugan Aarav Vihaan Ishaan",
        women: "Priya Anjali Sunita Kavita Pooja Neha Deepa Lakshmi Meena Anita Rekha Divya Sneha Swati Asha Usha Geeta Radha Shalini Nisha Aishwarya Kavya Ananya Diya Saanvi Aadhya Fatima Ayesha Simran Jaspreet Revathi Padma Sarita Manju Indira",
        family: Family::Composed {
            whole: "Kumar Singh Sharma Patel Gupta Reddy Das Khan Shah Verma Yadav Jain Mehta Rao Nair Iyer Mukherjee Banerjee Chatterjee Ghosh Bose Sen Roy Joshi Desai Kulkarni Patil Deshmukh Chauhan Rathore Mishra Pandey Tiwari Dubey Trivedi Agarwal Bansal Goel Mittal Kapoor Khanna Malhotra Chopra Arora Sethi Bhatia Ahuja Naidu Pillai Menon Krishnan Subramanian Venkatesan Raghavan Swaminathan Ansari Qureshi Siddiqui Kaur Gill Dhillon Sandhu Fernandes D'Souza Pereira",
            stems: "Bhal Bhatt Chand Dev Gan Hari Jag Kam Kash Lal Madh Nag Nar Pal Pras Ragh Ram Sank Shet Srin Sund Tand Thak Ude Vish",
            endings: "achar adi akar ani anna appa are awat ekar esh ivasan kar nath pathy ur wal war",
        },
        brands: "Ganga Himalaya Indus Kaveri Lotus Mayur Narmada Peacock Saffron Shakti Surya Tulsi Vindhya Ashoka Chandra Deccan Everest Jyoti",
        trades: "Technologies Textiles Traders Infotech Pharma Foods Exports Logistics Engineering Constructions Solutions Jewellers Motors",
        forms: "Pvt. Ltd.|Ltd.|_|& Sons",
        titles: "Senior Manager|Director|Software Engineer|Proprietor|Purchase Officer|Chartered Accountant|Team Lead|Doctor|Professor|Business Development Executive",
        cities: "Mumbai|Delhi|Bengaluru|Hyderabad|Chennai|Kolkata|Pune|Ahmedabad|Jaipur|Kochi",
        streets: "% MG Road|Flat %, Shanti Apartments|% Gandhi Nagar|Plot %, Sector 14|% Park Street",
        postcode: "######",
        phones: Phones {
            code: "91",
            mobile: Plan {
                reserved: "",
                general: "981 982 983 984 985 986 987 988 989 991 993 994 995 996 997",
                international: "##### #####",
                national: "##########",
            },
            landline: Plan {
                reserved: "",
                general: "222 112 442 332 802",
                international: "## #### ####",
                national: "0##-########",
            },
        },
    },
    Country {
        iso: "BR",
        name: "Brasil",
        share: 4,
        men: "José João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Luís Gabriel Rafael Daniel Marcelo Bruno Eduardo Felipe Rodrigo Manoel Mateus André Fernando Fábio Leonardo Gustavo Guilherme Leandro Tiago Anderson Ricardo Márcio Jorge Sebastião Caio",
        women: "Maria Ana Francisca Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda Bruna Jéssica Letícia Júlia Luciana Vanessa Mariana Gabriela Vera Vitória Larissa Cláudia Beatriz Luana Rita Sônia Renata Eliane Conceição Raíssa Thaís",
        family: Family::Double(
            "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana Teixeira Araújo Melo Barros Pinto Cavalcanti Correia Monteiro Batista Campos Moura Azevedo Borges Castro Nogueira Guimarães Assunção Brandão Falcão Tavares Coelho Peixoto Sampaio Queiroz Bittencourt",
        ),
        brands: "Amazônia Aurora Cerrado Ipê Jacarandá Pampa Paineira Pantanal Sabiá Tropical Verde Araucária Boreal Cruzeiro Girassol",
        trades: "Alimentos Construtora Consultoria Informática Transportes Comércio Energia Cosméticos Editora Agropecuária Seguros",
        forms: "Ltda.|S.A.|_|ME",
        titles: "Gerente comercial|Diretora|Engenheiro|Compradora|Advogado|Contadora|Desenvolvedor|Médica|Professor|Analista",
        cities: "São Paulo|Rio de Janeiro|Belo Horizonte|Salvador|Fortaleza|Curitiba|Recife|Porto Alegre|Brasília|Goiânia",
        streets: "Rua das Flores, %|Av. Paulista, %|Rua São João, % - apto. 12|Travessa do Comércio, %",
        postcode: "#####-###",
        phones: Phones {
            code: "55",
            mobile: Plan {
                reserved: "",
                general: "11971 11982 11993 21981 21992 31987 41998 51981",
                international: "## #####-####",
                national: "(##) #####-####",
            },
            landline: Plan {
                reserved: "",
                general: "113 213 313 413 513",
                international: "## ####-####",
                national: "(##) ####-####",
            },
        },
    },
    Country {
        iso: "RU",
        name: "Россия",
        share: 2,
        men: "Александр Сергей Владимир Андрей Алексей Дмитрий Николай Евгений Михаил Юрий Виктор Иван Павел Максим Роман Константин Артём Фёдор Григорий Илья Олег Антон Кирилл",
        women: "Елена Ольга Наталья Анна Татьяна Ирина Светлана Мария Екатерина Людмила Юлия Марина Анастасия Дарья Ксения Полина Вера Надежда Галина Алёна Софья",
        family: Family::Gendered(
            "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов Гаврилов Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов Щербаков Назаров Калинин Исаев Чернышев Быков Маслов Родионов Коновалов Лазарев Воронин Климов",
        ),
        brands: "Восток Север Заря Маяк Родник Берёза Восход Горизонт Каскад Сокол Янтарь Вектор",
        trades: "Строй Сервис Торг Транс Софт Мед Энерго Агро Мебель Консалт",
        forms: "ООО|АО|_",
        titles: "Генеральный директор|Менеджер по продажам|Инженер|Бухгалтер|Юрист|Программист|Врач|Закупки",
        cities: "Москва|Санкт-Петербург|Новосибирск|Екатеринбург|Казань|Самара|Омск",
        streets: "ул. Ленина, д. %|пр. Мира, %|ул. Садовая, %, кв. 8|наб. Реки Мойки, %",
        postcode: "######",
        phones: Phones {
            code: "7",
            mobile: Plan {
                reserved: "",
                general: "903 905 906 909 910 915 916 917 921 926 985",
                international: "### ###-##-##",
                national: "8 (###) ###-##-##",
            },
            landline: Plan {
                reserved: "",
                general: "495 499",
                international: "### ###-##-##",
                national: "8 (###) ###-##-##",
            },
        },
    },
];

/// NPA-555-01XX is kept for fiction by the North American Numbering Plan.
const US_FICTION: &str = "21255501 31055501 31255501 71355501 60255501 21555501 21055501 61955501 21455501 51255501 20655501 30355501 61755501 50355501 61555501 61455501 51055501 60855501 50555501 73455501 41555501 40855501 30555501 40455501 70255501 80155501 31755501 41455501 91655501 90155501 50455501 81655501 40555501 91855501 80855501 90755501 20855501 40655501 30755501 70155501 60555501 40255501 51555501 61255501 31455501 50155501 60155501 20555501 80355501 70455501 80455501 30455501 41055501 20255501 30255501 60955501 86055501 40155501 60355501 80255501 20755501";
const US_GENERAL: &str =
    "2123 3103 3123 7133 6023 2153 2103 6193 2143 5123 2063 3033 6173 5033 6153 6143 5103 6083 5053 7343";
