import type { TerminalWords } from './terminals-en.ts'

function pick(count: number, one: string, few: string, many: string): string {
  if (count === 1) return one
  return count >= 2 && count <= 4 ? few : many
}
const presses = (_count: number, shown: string): string => `${shown} stisknutí`

export const terminalsCs: TerminalWords = {
  nav: { label: 'Stránky', touchpoints: 'Kontaktní místa', terminals: 'Terminály' },
  title: 'Terminály',
  lead: (count, shown) => `${shown} ${pick(count, 'terminál', 'terminály', 'terminálů')}`,
  allWell: 'Žádné stisknutí nechybí a žádné nebylo započteno dvakrát.',
  someMissing: (count, shown, terminals) => `Chybí ${presses(count, shown)}, dotčené terminály: ${terminals}.`,
  comparedWell: (ago) => `Čísla a stisknutí byla porovnána ${ago}: žádný rozdíl.`,
  comparedBad: (count, shown, ago) =>
    `Čísla a stisknutí byla porovnána ${ago}: liší se ${shown} ${pick(count, 'den', 'dny', 'dnů')}. Které, řekne „smilepost rebuild --dry-run“.`,
  comparedNever:
    'Čísla a stisknutí ještě nebyla porovnána. Děje se to každou noc; hned to udělá „smilepost rebuild --dry-run“.',
  tableTitle: 'Všechny terminály',
  emptyTitle: 'Zatím žádné terminály',
  empty: 'Terminál se zde objeví po vytvoření. Správce Smilepostu to udělá příkazem „smilepost terminals create“.',
  notFound: 'Tato adresa nikam nevede. Terminál byl možná odstraněn, nebo je odkaz neúplný.',
  back: 'Na všechny terminály',
  columns: {
    terminal: 'Terminál',
    connection: 'Spojení',
    waiting: 'Čeká',
    missing: 'Chybí',
  },
  online: 'Připojen',
  offline: 'Nepřipojen',
  lastHeard: 'Naposledy se ozval',
  neverHeard: 'nikdy',
  lastPress: 'Poslední stisknutí',
  nowhere: 'Neumístěn',
  cloned: 'Zkopírovaná karta',
  refusing: 'Nepřijímá stisky',
  versions: 'Verze',
  notices: {
    refusingTitle: 'Tento terminál nepřijímá stisky',
    refusing:
      'Jeho karta je plná nebo na ni nelze zapisovat. Co už přijal, je v bezpečí, nové stisky zůstávají v krabičce a plná krabička svítí červeně. Uvolněte na kartě místo, nebo ji vyměňte; terminál pak pokračuje sám.',
    damagedTitle: 'Na jeho kartě se poškodily stisky',
    damaged: (salvaged: string | null, missing: string | null) =>
      `Terminál odložil poškozenou databázi stranou a pokračoval s novou. Zachráněných záznamů: ${salvaged ?? 'zatím žádné'}; nečitelných: ${missing ?? 'nelze zjistit kolik'}. Karta, která selhala jednou, selže znovu: vyměňte ji.`,
    oldZonesTitle: 'Jeho pravidla časových pásem jsou stará',
    oldZones:
      'Kde se čas mění podle novějšího zákona, mohou jeho tiché hodiny začínat o hodinu dříve nebo později. Zdejší čísla jsou správná, počítá je server. Aktualizujte na terminálu Node.js.',
  },
  ledger: {
    title: 'Jsou tu všechna stisknutí?',
    verdicts: {
      silent: 'Zatím není nic známo: tento terminál se serveru ještě nikdy neozval.',
      none: 'Zatím žádné stisknutí.',
      whole: (count, shown) =>
        count === 1
          ? `Ano. Stisknutí (${shown}) je uloženo a započteno jednou.`
          : `Ano. Všechna stisknutí (${shown}) jsou uložena a každé je započteno jednou.`,
      waiting: (count, shown) => `Zatím ano. Nic nechybí; na cestě: ${presses(count, shown)}.`,
      quarantined: (count, shown) =>
        `Téměř. Nic nechybí, ale ${presses(count, shown)} odloženo, protože si obsahy odporují.`,
      missing: (count, shown) => `Ne. Chybí ${presses(count, shown)}.`,
      twice: (count, shown) =>
        `Ne. Více než jednou započteno: ${presses(count, shown)}. To je chyba serveru, řekněte to správci Smilepostu.`,
    },
    asOf: (ago) => `Jak terminál hlásil ${ago}`,
    sinceThen: 'Co od té doby přišlo, v těchto číslech je; co bylo stisknuto později a je ještě na cestě, v nich není.',
    silentSince: 'Od té doby mlčí. Pozdější stisknutí v těchto číslech ještě nejsou.',
    sum: 'Stisknuto je součet uloženo, čeká, chybí a odloženo',
    amount: 'Stisknutí',
    pressed: 'Stisknuto',
    pressedDetail: 'co podle krabičky a dotykové stránky přijaly',
    stored: 'Uloženo',
    storedDetail: 'v bezpečí na serveru',
    waiting: 'Čeká',
    waitingDetail: 'v bezpečí v krabičce nebo v terminálu, zatím ne zde',
    missing: 'Chybí',
    missingDetail: 'přijato, a nikde k nalezení',
    quarantined: 'Odloženo',
    quarantinedDetail: 'přišlo s obsahem, který si odporuje',
    besides: 'Kromě toho',
    twice: 'Započteno dvakrát',
    twiceDetail: 'musí být vždy 0',
    repeated: 'Přišlo znovu',
    repeatedDetail: 'pro jistotu posláno vícekrát, započteno jednou',
    refused: 'Odmítla plná krabička',
    refusedDetail: 'krabička svítila červeně a nic nepřijala; v číslech výše není',
    unplaced: 'V číslech žádného kontaktního místa',
    unplacedDetail: 'stisknuto, když terminál nikde nestál; započte se, až někdo řekne kde',
    untimed: 'Neznámý čas',
    untimedDetail: 'uloženo, v žádné hodině, dokud terminál opět nezná čas',
    uncertain: 'Nejistá hodina',
    uncertainDetail: 'známo nejvýše na den, v žádné hodině',
    rejected: 'Trvale odmítnuté záznamy',
    rejectedDetail: 'nečitelné nebo nemožné; terminál o tom ví',
    clonedTitle: 'Pod tímto jménem mluví dva stroje',
    cloned:
      'Paměťová karta byla nejspíš zkopírována. Stisknutí se uchovávají, ale nezapočítávají, dokud někdo nerozhodne. Jeden z obou strojů vypněte a pak spusťte „smilepost terminals clone“ s --count nebo --set-aside.',
    missingTitle: 'Co chybí',
    numbers: 'Čísla',
    cause: 'Proč',
    since: 'Od',
    box: (box) => `krabička ${box}`,
    touch: 'dotyková stránka',
    causes: {
      trimmed: 'terminál musel uvolnit místo na plné kartě dříve, než mohl odeslat',
      corrupt: 'poškozeno na paměťové kartě terminálu',
      poison: 'terminál to nedokázal odeslat v žádné podobě',
      rejected: 'server nemohl obsah přijmout',
      touch: 'přijala dotyková stránka, nikdy nedoručeno',
      unknown: 'neznámo; často karta nebo krabička vyměněná dříve, než odeslala',
    },
    waitingTitle: 'Co je na cestě',
    place: 'Kde',
    places: {
      box: 'v krabičce',
      outbox: 'v terminálu',
      unheard: 'v krabičce nebo v terminálu, který se od té doby neozval',
    },
    lostTitle: 'Záznamy, které terminál už neměl',
    records: 'Záznamy',
    conflictsTitle: 'Záznamy, které přišly dvakrát s různým obsahem',
    conflictsLead: 'Počítá se první obsah. Pozdější je uchován zde a v žádném čísle není.',
    conflict: (sequence, epoch) => `Záznam ${sequence}, spuštění ${epoch}`,
    field: 'Pole',
    first: 'Přišlo první',
    later: 'Přišlo později',
    partly: (shown) => `Je jich více: vypsáno je ${shown}, čísla výše počítají se všemi.`,
    proofTitle: 'Je to prokázáno?',
    proof:
      'Každé stisknutí dostane od krabičky číslo dříve, než se světlo rozsvítí zeleně, a krabička je drží, dokud je terminál nemá na kartě; terminál je drží, dokud je server nemá na disku. Proto se zde vlastní počítadlo krabičky porovnává s uloženými čísly. Uložené číslo nelze započítat znovu a číslo, které nikde není, je uvedeno jako chybějící: nic se neodhaduje. Prokázat nelze jen stisknutí, jehož krabička byla zničena dříve, než byla znovu připojena.',
  },
}
