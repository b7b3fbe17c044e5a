/**
 * Given names that are taken out of every stored text, and words that only look like one. The law: a name on the first list
 * is redacted wherever it stands; one on the second needs a capital inside a sentence or a cue ("Hi", "this is").
 * Common names of the US census and of the largest immigrant communities, written down by hand; surnames fall with the
 * given name before them.
 */
const CERTAIN = `aaron abby abdul abdullah abigail adam addison adrian adriana agnes ahmad ahmed aidan aiden aileen aisha akash
alan albert alberto alejandra alejandro alex alexa alexander alexandra alexis alfonso alfred alfredo ali alice alicia
alisha alison allen allison alma alyssa amanda amelia amina amit amy ana andre andrea andreas andres andrew andy angela angelica
angelina angelo anika anil anita anjali ankit ann anna annabelle anne annette annie anthony antoine antonio anya ariana arjun
armando arthur arturo arun ashish ashley ashok audrey ava barbara barry beatrice becky belinda ben benjamin bernadette
bernard bernice bessie beth bethany betty beverly bianca billy blake bob bobby bonnie brad bradley brandi brandon brandy brenda
brendan brent brett brian brianna bridget brittany brooke bruce bryan bryce caitlin caleb calvin cameron camila camille candice
carl carla carlos carmen carol caroline carolyn carrie casey cassandra cassie catherine cathy cecilia cedric celeste celia cesar
chad charlene charles charlie cheryl chloe chris christian christina christine christopher christy cindy claire clara clarence
claudia clayton clifford clinton clyde cody colin colleen connie connor constance cora corey cory courtney craig cristina curtis
cynthia daniel daniela danielle danny daphne darius darlene darrell darren darryl daryl dave david deanna debbie deborah debra
deepak delia delores denise dennis derek derrick devin devon diana diane diego dimitri dmitri dominic dominique donald donna doris
dorothy doug douglas duane dustin dwayne dwight dylan ebony eddie edgar edith eduardo edward edwin eileen elaine eleanor elena
elias elijah elisa elizabeth ella ellen elliot ellie elmer elsie emanuel emily emma emmanuel enrique eric erica erik erika erin
ernest ernesto esmeralda esperanza esteban estelle esther ethan ethel eugene eunice eva evan evelyn fatima felicia felix
fernando fiona flora floyd frances francesca francis francisco francois frankie franklin fred freddie frederick gabriel gabriela
gabriella gabrielle garrett gary gavin geoffrey george gerald geraldine gerardo gertrude gilbert gina giovanni gladys glenda
glenn gloria gonzalo gordon greg gregory gretchen guadalupe guillermo gustavo gwen gwendolyn hailey hannah harold harriet
harrison harry harvey hassan hazel hector heidi helen helena henry herbert herman hilda hiroshi howard hugo hussein ian ibrahim
ignacio igor imran ingrid irene irma isaac isabel isabella isaiah ismael ivan jackie jacob jacqueline jaime jake jamal james
jamie jane janet janice janie jared jasmin jason javier jayden jeanette jeanne jeff jeffery jeffrey jenna jennie jennifer
jenny jeremiah jeremy jerome jerry jesse jessica jessie jesus jill jillian jim jimmy joan joann joanna joanne joaquin jodi jody
joe joel joey johanna john johnny johnathan jon jonathan jorge jose joseph josephine josh joshua joyce juan juana juanita judith
judy julia julian juliana julie julio justin kaitlyn kareem karen karina karl karla kate katelyn katherine kathleen kathryn
kathy katie katrina kavita kayla keisha keith kelley kelly kelsey kelvin ken kendra kenneth kenny kent kerry kevin khalid khan
kiara kim kimberly kiran kirk krista kristen kristin kristina kristine kristy krystal kumar kurt kyle lakshmi lamar larry
latasha latoya laura lauren laurie lawrence leah leila lena leo leon leonard leroy leslie leticia levi liam lillian linda lindsay
lindsey lisa lloyd lois lola lonnie lorena lorenzo loretta lori lorraine louis louise lucas lucia lucille lucy luis luke luna
luther lydia lynn mabel mackenzie madeline maggie malcolm mallory mandy manuel marc marcella marcia marco marcos marcus margaret
margarita maria mariah marian marianne maribel marie marilyn mario marion marisol marjorie marla marlene marsha marshall martha
martin marvin mary maryam mason mateo mathew matt matthew maureen maurice maxine maya megan mehmet mei melanie melinda melissa
melvin meredith mia micah michael michaela micheal michele michelle miguel mike mikhail mildred milton mindy
minh miranda miriam mitchell mohamed mohammad mohammed molly monica monique morgan moses muhammad myra myrtle nadia nancy
naomi natalia natalie natasha nathan nathaniel neha neil nelson nguyen nicholas nichole nicolas nicole nikhil nina nishant noah
noel nora norma norman olga oliver olivia omar oscar owen pablo paige pam pamela patel patricia patrick patty paul paula paulina
pauline pedro peggy perry pete peter phil philip phillip phyllis pooja prakash pranav preeti priya rachael rachel rafael rahul
raj rajesh ralph ramesh ramon ramona randall randy raquel raul ravi raymond rebecca regina reginald rene renee rhonda ricardo
richard rick ricky rita robbie robert roberta roberto rochelle roderick rodney rodrigo roger rohan roland ron ronald ronnie
rosa rosalie rosario rosemary rosie ross roxanne roy ruben rudy russell ruth ryan sabrina sally salvador salvatore sam samantha
samir sammy samuel sandeep sandra sanjay sara sarah sasha saul scott sean sebastian sergei sergio seth shane shannon
sharon shaun shawn sheila shelby shelley shelly sherri sherry shirley shreya silvia simon simone sofia sonia sonya sophia sophie
spencer srinivas stacey stacy stan stanley stefan stella stephanie stephen steve steven stewart stuart sunil suresh susan
susana susie suzanne sven sylvia tamara tammy tanya tara tasha tatiana teresa terrance terrell terrence terri terry thelma
theodore theresa thomas tiffany tim timothy tina todd tom tommy toni tony tonya tracey traci tracy travis trevor tricia trina trisha
troy tyler tyrone valerie vanessa vera verna veronica vicki vickie vicky victoria vijay vikram vincent vivian vladimir
walter wanda wayne wei wendell wendy wesley whitney wilbur wilfred willard william willie wilma winifred xavier xiao xiaoxue
xin yasmin yesenia yolanda yoko yusuf yuki yvette yvonne zachary zhang zoe
aaliyah aarav abigayle adaeze adela adele adolfo adriel agatha agustin aiko aimee alana alba alec alessandro alfie alina alisa alistair
alondra alonso alvaro alvin amadou amara amari amaya amira anabel anastasia anders andrei angelique ania anja anouk ansel antonia arlene
arlo armand arnold asha asif astrid augustine aurelio ayesha ayla azra bashir beatriz benedict benita benito bertha bettina bilal birgit
bogdan boris branden braxton breanna brigitte bronwyn bryant brynn byron callum camilla candace carlo carmela caryn cecil chandra
chantal chelsea chiara chidi chiyo christa christoph cian ciara clarissa claude claudio clementine clint colette cormac
cornelia cornelius cosmin cyril cyrus dagmar dalia damian damien damon dana danica danilo dante dario darnell dawson deandre deirdre delaney
delilah demetrius desmond devi devonte dexter dilip dina dinesh dionne dolores dominik donovan doreen dorian dorota duncan earnest ebenezer
edmund edna edwina efrain efren ekaterina eleni eli elise eliseo eliza eloise elsa elvira elvis emerson emil emilia emiliano emilio emine
emmett enrico ephraim ernestine esme estefania ester etta eusebio evangeline evelina everett ezekiel ezra fabian fabio faisal farah fatou
faustino federico felipe ferdinand filip finley finn francine francisca freda frieda fritz gareth gaston gemma genevieve georgina gerard
gerd gerry gianna gideon gisela giselle giulia giuseppe gladis goran graciela graham greta gretel guido gunnar gunther gurpreet gwyneth
habib hakim hamish hamza hans hansel harpreet hayden hayley heinz helga henrik hernan hilary hildegard horace horacio howie huda humberto
iain ida ignatius ilse ines inez inga ingmar iona irina isabelle isadora isaias isidro itzel ivonne jaclyn jacques jada jaden jagdish jai
jalen jana janelle janine jarrod jayne jazmin jeanie jed jeffry jelena jemima jens jerald jermaine jeroen jerrod jimena joachim jocelyn
johan johann johannes jolene jonah jonas josef josefa josefina joselyn josiah jovan juliet juliette junaid jurgen justine kaia kaitlin kamal
kamala kamil kamran kara karan karim karin karlo karolina karthik kasia katarina katerina katja katya kayden keiko keira keiran kelli kenji
kerri khadija khalil kieran kirsten klaus konrad krishna kristian krzysztof kylie lachlan lamont larissa laszlo latisha laverne leandro leif
leilani leland lenora leonardo leonel leonora leopold lester lettie lewis lida lilian liliana lilith linus lionel livia loren lorna lorne
lottie lourdes luca luciana luciano ludmila ludwig luigi luisa lukas lupe lyle maddie mads mae magda magdalena magnus mahmoud maia maira
malachi malik mamadou manish manny manoj manuela mara marcel marcelo margarida margo margot margret mariam mariana mariano maribeth maricela
mariella marisa marisela marissa maritza marius marjan markus marlon marquis marta martina marty mathias mathilda matilda matteo mattie maud
maura mauricio mavis maximilian meera megha mehdi melisa merle mervyn mette mickey miguelito mikaela mikel milena millie milo minerva mirela
mireya mitch mohit moira moises mona monika morris mortimer mustafa myles myriam nadine nadja naresh nasir nasreen natalya nate nayeli ned
neda nell nellie nestor nevaeh ngoc ngozi niall nicola nicolette niels nigel nikita nikolai nils ninette nisha noelle noemi nolan norbert
octavia octavio odette olaf oleg oleksandr omari oren orville osvaldo otto ottoline padma paloma paolo pascal patrice patsy paulette paulo
pavel pearlie penelope petra phoebe pierre polly priscilla priyanka quentin quincy rafe raheem raina rajiv ralf ramiro randi raphael rashad
rashid rebekah reggie reinhard renata renato reuben rhea rhiannon rhoda rhys rigoberto rishi ritchie rivka robyn rocio rodolfo rogelio
rolando rolf romina rona ronan ronda ronny rosalia rosalind rosalyn rosanna roseanne rosemarie roslyn roxana rupert ruslan ruthie ryder ryo
sadie saeed salma salome saloni sanaa sandro sanjeev saoirse sarita satish scarlett sebastien selena selina selma serena sergey seymour
shanice shanna shanthi shari sharma shauna shawna sheena sheldon sherman sherrie shirin shivani shyam sibyl sidney siegfried sienna sigrid
silas silvio simeon simona sinead siobhan skylar skyler sloane solomon soren stefano stephan stephania stephany stevie sumit sunita svetlana
sybil sylvester sylvie tabitha tadeusz takeshi talia tamar tameka tamika tania tanisha tariq tatyana teddy teodoro terence teri tessa
thaddeus thalia thandiwe theo theodora theresia thiago thierry thora tiago tiana tobias toby tomasz tonia torsten tracie tremaine
trent trevon tristan trudy tyrell tyrese tyson uli ulrich ulrike umar uriel ursula usha usman valentin valentina valentino vasile vasily
velma venkat verena vernon vicente vidya vilma vinod violeta virgil vitaly vivek viviana vivienne vlad walid warrick waseem wenceslao werner
wilfredo wilhelm willa winnie winston wojciech wolfgang wyatt xander ximena xiomara yadira yahir yannick yara yaroslav yasir yasmine yetunde
yoel yoshi yuliya yuri zach zachariah zahra zainab zara zelda zena zeynep zoey zofia zoltan zora zuzana`;

const AMBIGUOUS = `abel amber angel april art ash august aurora autumn basil bill bree brook carter cash chance charity chase cherry
chuck clay cliff cole colt crystal daisy dale dan dawn dean desiree destiny dick don drew duke earl eden eve faith fern frank
gale gene ginger glen grace grant guy hank harmony heath heather henri holly hope hunter iris ivy jack jade jay jean jess jewel
jordan josie joy june kay kit lana lance lane lee lily liz lou luz major mark marina matthias max may mel melody mercedes mercy misty
miles mo nick nicky norm olive opal pat pearl penny peyton pierce porter rae ray reed reid rex rich rob robin rocky rod rory rose
rosita ruby rusty sal sandy sawyer sid skip stefanie sterling sue sunny tad tate ted tex tucker ty van vince violet wade
ward warren wes will zack zane
angus ariel barney bart beau brady clement cleo dalton davis della dora drake dulce griffin jasmine jasper
laurel lea logan mila mina nelly otis parker percy preston quinn raven riley romeo rowan trinity walker wilson`;

const certain = new Set(CERTAIN.split(/\s+/));
const ambiguous = new Set(AMBIGUOUS.split(/\s+/));

/** Names that are hardly anything else. */
export function isCertainName(word: string): boolean {
  return certain.has(word.toLowerCase());
}

/** Names that are words too ("Will", "Rose"): a name only by its place in the text. */
export function isAmbiguousName(word: string): boolean {
  return ambiguous.has(word.toLowerCase());
}
