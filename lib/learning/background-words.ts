/**
 * How common English words are in customers' texts: the shipped background that weights words before a business has any
 * texts of its own. The law: it never changes at run time, so a text has the same features on every day and in every order.
 *
 * Level = round(ln(N / document frequency)) over 38,954 texts of CLINC150 (CC BY 3.0), HWU64 (CC BY 4.0) and MultiDoGO
 * (CDLA-Permissive 1.0); only word counts are kept, no text. Words seen fewer than 12 times are left out and count as rare.
 */
const levels: readonly (readonly [level: number, words: string])[] = [
  [2, `a for i is me my the to what you`],
  [3, `and are can card do have how in it need no of ok on please tell thank want`],
  [
    4,
    `about account add am an any at be car change check credit day does find from get go good help hi if know last
    like list make many much name new next now number off one order out pizza play seat set so song thanks that
    there this time today up was what's when will with would yes your`,
  ],
  [
    5,
    `address again alarm all amount as assignment balance bank been between bill boarding book by bye calendar call
    cancel cash chicken confirm could current date days did dollars e else email five flight gas give going great
    hai has hello i'd i'm insurance just let light lights limit location long lost march meeting money more morning
    music nice not nothing oil okay olly or pass pay phone playlist pm put rate red remove report request
    reservation right room said say schedule see send shopping should show some sorry ssn start sure take th ticket
    tires tomorrow traffic train transfer travel turn two use vacation very visa volume week where who`,
  ],
  [
    6,
    `ac ahead ai airport aisle alarms america american another answer anything application apply appointment apr area
    around ask available back before best booking but buy caesar calories can't carry changed charge chase chat
    checking checks cheese chicago city classic clear cod coffee coin command confirmation contact contacts cook
    correct create currently d declined definition delete delivery delta deposit details dice dinner direct discover
    dollar don't done down due eater eight emails enough error event events everything exchange facebook factory
    first flip food four fraudulent free friday fuel fun funny game gmailcom got green grocery hear here hey hii
    home hotel house hundred i've id increase information ingredients instead interest into it's item its job john
    joke jump june k kind large latest left lemonade let's life look lower luggage made mail male mastercard may
    meaning meat medium meetings milk mind minimum minutes mode monday month mozzarella must near news nine oh old
    olive once open over paycheck payment people person pin place plan playing plug podcast points possible price
    pto radio read really recent recipe remind reminder reminders repeat reservations response restaurant
    restaurants reviews rewards road robin roll routing s salad salt sam sauce savings scheduled score sent service
    settings seven share shots shut since sir six socket soda someone something soon speak spell st station status
    stock stolen stop street switch table talk taxes taxi ten text that's thats them they thing things think three
    through timer times timezone tonight too total transaction transactions tweet twenty type u uber under until
    update us used vacuum voice w wait wanna water way we weather were whats which whisper why window work yeah year
    yesterday york you've`,
  ],
  [
    7,
    `ab able accent accounts activate activity actually added africa after air airlines al alert alerts alex already
    also amazing amazon amex angeles answers app apple appreciate appreciated approved april arrive art arugula
    assist assistance associated audio audiobook austin away awesome b baby bacon bad bathroom battery bbq because
    bedroom beef beer being benefits big bills birthday bit block blue bob booked born boss boston bread brightness
    bring british brownie build burger bus busy byee cable cake california called calorie canada capital car's
    card's care casey cat catch changing charged charlie checkbooks chennai china chinese chocolate choose chopped
    clarify clean cleaner cleaning close closest coke color com come coming company complaint complete computer
    connect connected content conversion convert converter cookie cookies coordinates country cream crust cup
    customer dallas damaged dates dead decide define delhi deliver denver describe detail didn't die different dim
    directions disconnect doesn't dog doing dont dot dr drew drink drive drizzle eat eggs either elaborate electric
    engine english enjoy episode erase euro euros evening every exact exactly expect expiration expire expires
    explain express extra f fact facts false far fargo fast favorite february federal fees female fifty figure file
    fine flights fm following forecast form france freeze french fresh fridge friend fries frozen fruit full further
    g garden garlic getting given gluten goes goodbye google gotta gps grilled groceries h had happening happy heads
    health healthy helpful her high highway higood him hobbies hold holiday hot hour hours houston how's human i'll
    idea im inches include income info inform instructions interesting international italian items j james january
    japan jesse jokes july keep kevin kindly kinds kitchen kumar la language las late lately later laundry leave
    lets level link listen listening lists little live living local locate london longer looking los lot louder love
    lover low lunch m ma machine madam madurai mailed maintenance making mall map market mary matter meal mean media
    message mexican mexico miami middle miles minute missing mom most move movie movies mpg mumbai mute muthuraja n
    nagar nd nearby nearest needed needs night ninety noon nutrition nutritional ny office onion online only ons
    orders original orlando other our outback owe own package paid paris park parmesan party paying pepperoni
    peppers per percent perfect perfectly pesos pesto pets phoenix pick pie pizzas places played plus point policy
    post pounds power prefer pressure problem process processed provide pull purchase question questions quiet rain
    raise raj raja rates rating ratings rd real reason received recently recommend redeem refer regarding regular
    remember removed rent rental replace replaced replacement require required reserve reset restrictions resume
    returning reward rice ride riley robot rock rollover root route run russia safe salads san saturday save saved
    sea search seattle second setting shop shuffle side sided size skip slow small smart smith social songs sound
    south southwest spaghetti spanish speaker speakers speaking specific speed spencer spend spending spent square
    starbucks state stay steakhouse steps still store stripe substitute suggest suggestion sunday sushi t tails
    takeaway taken takes talking tampa tank target task tax tea temperature texas than thankyou then thick thin
    thirty thousand thursday tickets tire title today's todo tomato top town track traveling travelling trip trivia
    true try trying tuesday tune tv twelve twitter types understand united upcoming updates using veg vegas vine
    visit waiting wake walk walmart wanted wants washington ways wednesday weekend well wells wemo west when's white
    wine wish word working world write wrong x y ya yeap yen yet you're yourself zone`,
  ],
  [
    8,
    `access action activities adjust afternoon age ago agua allow allowed anniversary anyone applebees applewood
    arrange artist arun asap atlanta atm august australia auto ave avenue average aware bake bananas banks bar bbc
    beach beatles begin believe bell better birth black blocked board bot bother brazil brew bridge bright brighten
    brighter brooklyn brown business butter buttermilk c ca cab calculate calling cameron carrots cars casserole
    cats cell centimeters central ch changes channel charges cheapest checked chess chili's chkn chris citibank
    class code cola colors colour comfortable commercial companys complex confirmed consumer continue cooking cool
    correcly correctly cost count created crumbled cups currency cut dad dark dave david dc debit december decrease
    delivered dentist destination detroit dial diet difference digits dishes display divided dl doctors dogs door
    double downtown drinks during each earned east eastern economy egg eighty end england expired family fan
    fantastic faster favourite fee feed feel fifteen fill finding fish fl florida fly forget forgot forty forward
    found francisco fraud freezer frescas friends gallon games gate gave german germany gmail goat gold gone
    gorgonzola gotten grill half ham happened having hawaii heard helping higher his hurt hut ice ihop immediately
    improve inbox incorrect india indian instruction internet ireland isn't italy jack jamie japanese jazz jim joe
    john's kambur kids king korea l lake lamp land lane laugh lax learn leaving liberty line lisa listed loan
    lobster located locked looked looks mac macaroni main mani mark mashed math maybe mcdonalds means meatballs
    mechanic meenakshi meet memorial menu messages michael might mike mileage missed mistake mobile moment months mr
    musch mushrooms myself names nashville national navy necessary needing nethaji nila nope north note notification
    notify nyc offer often ones onions options ordered ounces outside oven p pacific pair past pasta pause payday
    pepper pet peter ph philadelphia piece pittsburgh placed plane player pleasure plugs police pork pot potato
    potatoes pound prepare previous prices procedure program programmed pune r ram ran rated reach ready receive
    recommended remaining reno rephrase replay reply respond return ricotta rid rise roast roasted robert rolled
    rome rooms rory roundtrip rubles salary same sandwich sarah sausage saving saying seasonal seems select sentence
    september serve shake shoes shops showing shows signature singapore singer siri sixty slower smokehouse smore
    snow somewhere sort sorts sounds soup spain special speech spicy star starting steak steve stocks subjects
    submit subway sugar suggestions sunny supposed swap taco takeout taking tasks thai thailand theater their
    there's these third tokyo tom tomatoes tomorrow's toppings tourist translate trash trump turkey typically uk
    understanding understood union usa usd useful vaccinations value vanilla vegan veggies vehicle via watch weeks
    went whatever where's whether while wild william wings within wonderful words worth wouldn't wow years z`,
  ],
];

/** Rarity of a word that the background does not know. One above the rarest known level. */
export const UNKNOWN_LEVEL = 9;

const levelByWord = new Map<string, number>();
for (const [level, words] of levels) for (const word of words.split(/\s+/)) levelByWord.set(word, level);

/** @returns 2 (in every eighth text) to 9 (unknown): the word's inverse document frequency, rounded. */
export function backgroundLevel(word: string): number {
  return levelByWord.get(word) ?? UNKNOWN_LEVEL;
}

export function isCommonWord(word: string): boolean {
  return levelByWord.has(word);
}
