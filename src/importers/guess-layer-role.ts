import type { LayerRole } from './importer.ts';

/**
 * Words in names of layers and blocks, in English and German, with the role they tell; the first that fits counts. A pattern
 * is looked for in the name in small letters, with everything but letters and digits turned into spaces.
 */
const WORDS: readonly (readonly [RegExp, LayerRole])[] = [
  // JuPedSim's own.
  [/\bwalkable ?area\b|\bwalkablearea\b/, 'floor'],
  [/\bjps (distributions?|sources?)\b/, 'persons'],
  [/\bjps (parameters?)\b/, 'parameters'],
  [/\bjps (waypoints?|journeys?|transitions?|checkpoints?|zones?|queues?)\b/, 'ignore'],
  // What looks like a part of the building in its name and is none.
  [/\b(dim|dims|dimensions?|bemassung\w*|mass(e|ketten?|linien?)?|masse)\b/, 'ignore'],
  [/\b(axis|axes|achsen?|achs\w*|grid|raster\w*|gridlines?)\b/, 'ignore'],
  [
    /\b(defpoints|viewports?|vport|ansichtsfenster|background|hintergrund|plankopf|planrahmen|rahmen|titleblock|title|schriftfeld|legende?|nordpfeil|north)\b/,
    'ignore',
  ],
  [
    /\b(elec|elect\w*|elektro\w*|hvac|heizung\w*|lueftung\w*|sprinkler\w*|beleuchtung|lights?|lighting|lampen?)\b/,
    'ignore',
  ],
  [
    /\b(ceil\w*|clng|decke|decken|deckenspiegel|roof|dach|site|gelaende|umgebung|trees?|baeume|hatch|schraffur\w*)\b/,
    'ignore',
  ],
  // Doors before exits: "fire exit door" is a door.
  [/\b(door|doors|tuer|tueren|tuer\w*|tuer\w*|portes?)\b/, 'door'],
  [/\b(exits?|emergency ?exits?|egress|ausgang|ausgaenge|notausg(a|ae)ng\w*|fluchtausg\w*|sorties?)\b/, 'exit'],
  [/\b(windows?|wdws?|glaz|glazing|fenster\w*|verglasung)\b/, 'window'],
  [/\b(stairs?|strs|stairways?|staircases?|treppen?\w*|stufen|escalators?|rolltreppen?|ramps?|rampen?)\b/, 'stairs'],
  [/\b(columns?|cols|pillars?|stuetzen?|saeulen?|pfeiler)\b/, 'obstacle'],
  [
    /\b(obstacles?|hindernisse?|barriers?|barrieren?|absperrung\w*|shafts?|sch(a|ae)cht\w*|voids?|luftraum|openings?)\b/,
    'obstacle',
  ],
  [
    /\b(walls?|wand|waende|wand\w*|mauern?|mauerwerk|partitions?|trennw(a|ae)nd\w*|murs?|aussenwand|innenwand)\b/,
    'wall',
  ],
  [
    /\b(furn|furniture|moebel|moeblierung|moebel\w*|einrichtung\w*|tables?|tische?|chairs?|stuehle|seats?|sitze?|bestuhlung|equip\w*|casework|fixt\w*|sanitaer\w*)\b/,
    'furniture',
  ],
  [/\b(distributions?|persons?|people|pedestrians?|personen|occupants?|agents?)\b/, 'persons'],
  [
    /\b(rooms? ?(names?|labels?|numbers?|tags?)|raum ?(namen?|nummern?|stempel|text\w*)|iden|labels?|text\w*|beschriftung\w*|anno\w*|notes?)\b/,
    'text',
  ],
  [/\b(rooms?|raeume|raum|raumpolygone?|spaces?|areas?|zones?|zonen?|flaechen?|nutzflaeche\w*)\b/, 'area'],
  [
    /\b(floors?|flor|slabs?|boden|fussboden|fussboeden|bodenplatte|outline|umriss|footprint|grundflaeche|gehflaeche|begehbar\w*|walkable|geometry)\b/,
    'floor',
  ],
];

/** The role that the name of a layer or a block tells of, or `undefined`. */
export function guessLayerRole(name: string): LayerRole | undefined {
  const words = name
    // A-WALLExterior and AWall: capitals begin words, too.
    .replace(/([a-zäöüß])([A-ZÄÖÜ])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-zäöüß0-9]+/g, ' ')
    // wall2, door_01
    .replace(/([a-zäöüß])(\d)/g, '$1 $2')
    .replace(/(\d)([a-zäöüß])/g, '$1 $2')
    .trim();
  const joined = words.replace(/ /g, '');
  if (/^(jps)?walkablearea/.test(joined)) return 'floor';
  if (/^(jps)?obstacles?$/.test(joined)) return 'obstacle';
  return WORDS.find(([pattern]) => pattern.test(pad(words)))?.[1];
}

/** `\b` knows no ä: letters with dots are written out, as the patterns allow. */
function pad(words: string): string {
  return words.replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue').replace(/ß/g, 'ss');
}
