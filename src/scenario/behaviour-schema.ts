import { z } from 'zod';
import { distributionSchema } from './distribution-schema.ts';

/*
 * What people notice, hear, are told, imitate and feel. Every part of `behaviour` is a mechanism of its own: a part that is
 * not given is not simulated, costs nothing and changes no byte of a run; `{}` switches it on with its defaults. The models and
 * how sure their numbers are: docs/science.md, "What people know and how they start".
 */

const id = z.string().min(1).max(120).describe('name, unique among its kind');
const share = (value: number, text: string) => z.number().min(0).max(1).default(value).describe(text);
const least = (value: number, text: string) => z.number().min(0).default(value).describe(text);
const positive = (value: number, text: string) => z.number().positive().default(value).describe(text);

export const soundSchema = z
  .strictObject({
    id,
    level: id,
    position: z.tuple([z.number(), z.number()]).describe('[x, y] [m]'),
    loudness: z.number().min(20).max(180).default(100).describe('at 1 m in the open [dB]'),
    kind: z
      .enum(['bell', 'voice', 'noise', 'danger'])
      .default('bell')
      .describe('ambiguous bell, spoken message, noise that means nothing by itself, sound of danger (a shot)'),
    playing: z.boolean().default(false).describe('it sounds from the start; otherwise from an event `sound` on'),
  })
  .describe('a source of sound');

const signsSchema = z
  .strictObject({
    static: share(0.38, 'share of those exposed for the exposure time who notice a sign [1]'),
    dynamic: share(0.77, 'the same for a dynamic sign [1]'),
    exposure: positive(5, 'exposure time for which these shares hold; longer does not help who has a way [s]'),
    angle: z.number().min(1).max(90).default(70).describe('farthest aside from which a sign is read [deg]'),
    view: z.number().min(1).max(180).default(60).describe('half of the field of view of somebody walking [deg]'),
  })
  .describe('signs are seen, and lead people to the exits they show');

const hearingSchema = z
  .strictObject({
    ambient: z.number().min(0).max(130).default(45).describe('noise that masks what is softer [dB]'),
    areas: z
      .array(z.strictObject({ level: id, area: id, ambient: z.number().min(0).max(130).describe('[dB]') }))
      .default([])
      .describe('rooms with another noise'),
    wallLoss: least(40, 'by a wall [dB]'),
    doorLoss: least(25, 'by a door that is not open [dB]'),
    openingLoss: least(3, 'by an open door or way into another room [dB]'),
    floorLoss: least(50, 'by a floor [dB]'),
    absorption: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.3)
      .describe('share of the sound that the surfaces of a room swallow; 1: no echo [1]'),
    height: positive(3, 'height of the rooms, for their echo [m]'),
  })
  .describe('sounds are heard: who waits is alerted by them, who sleeps is woken');

const contagionSchema = z
  .strictObject({
    fade: positive(60, 'time in which a perceived risk fades [s]'),
    influence: least(0.6, 'rate at which the sight of active people makes somebody feel at risk [1/s]'),
    inhibition: least(0.007, 'rate at which the sight of people who stay where they are takes that away [1/s]'),
    range: z.number().positive().max(30).default(12).describe('how far people look at others [m]'),
    decay: positive(4, 'distance in which the weight of another falls to 1/e [m]'),
    bell: least(0.01, 'rate at which an ambiguous bell makes feel at risk [1/s]'),
    voice: least(0.05, 'rate for a spoken message [1/s]'),
    danger: least(1, 'rate for a sound of danger [1/s]'),
    investigate: distributionSchema
      .default({ distribution: 'normal', mean: 0.25, sd: 0.08, min: 0.1, max: 0.6 })
      .describe('perceived risk from which a person looks what is the matter [1]'),
    leave: distributionSchema
      .default({ distribution: 'normal', mean: 0.5, sd: 0.15, min: 0.15, max: 0.95 })
      .describe('perceived risk from which a person starts to leave [1]'),
    dwell: distributionSchema
      .default({ distribution: 'lognormal', median: 0.85, sigma: 0.35, min: 0.3, max: 3 })
      .describe('least time between the two [s]'),
  })
  .describe('the sight of others makes people start, or stay');

const knowledgeSchema = z
  .strictObject({
    recognise: least(15, 'distance from which an open exit in sight is known for one [m]'),
    hesitate: distributionSchema
      .default({ distribution: 'lognormal', median: 5, sigma: 0.5, max: 30 })
      .describe('time for which somebody who knows no way looks round before searching [s]'),
    spread: least(3, 'standard deviation of what else decides where somebody searches [s]'),
  })
  .describe('unknown exits are looked for, room by room, instead of being known at a cost of 80 m');

const wordSchema = z
  .strictObject({
    rate: least(0.3, 'rate at which somebody is spoken to by one of those in reach [1/s]'),
    range: z.number().positive().max(10).default(2).describe('reach where it is quiet [m]'),
    loudness: z.number().min(40).max(100).default(74).describe('of a voice at 1 m, against the ambient noise [dB]'),
    stranger: share(0.5, 'share of strangers’ words that are believed [1]'),
    own: share(0.8, 'the same for words of one’s own population [1]'),
    uniform: share(0.95, 'the same for words of populations in uniform [1]'),
  })
  .describe('people tell others what they know of doors and exits');

const followingSchema = z
  .strictObject({
    rate: least(0.5, 'rate at which somebody without a way of their own goes after those who walk [1/s]'),
    range: z.number().positive().max(30).default(10).describe('how far they look [m]'),
    decay: positive(4, 'distance in which the weight of another falls to 1/e [m]'),
  })
  .describe('who knows no way follows those who walk, the majority where they differ');

const choiceSchema = z
  .strictObject({
    wait: least(1, 'weight of the time to be waited in a queue in sight [1]'),
    familiar: least(15, 'what a familiar exit is worth [s]'),
    visible: least(10, 'what an exit in sight is worth [s]'),
    signed: least(7.5, 'what an exit is worth of which a sign was seen [s]'),
    herd: least(5, 'what it is worth that all people in sight go there; turns round above 4 /m² [s]'),
    spread: least(5, 'standard deviation of what else differs between persons and exits [s]'),
    inertia: share(0.1, 'share by which another exit must be better [1]'),
  })
  .describe('exits are weighed by all this, in seconds, instead of by walking distance alone');

const innerSchema = z
  .strictObject({
    calming: positive(60, 'time in which fear fades [s]'),
    alarm: least(0.5, 'fear that a sound of danger heard for a second brings [1/s]'),
    press: least(0.1, 'fear that a chest load above 600 N brings [1/s]'),
    catching: least(0.1, 'rate at which the fear of people in sight is taken over [1/s]'),
    alone: positive(120, 'time in which distress grows where nobody is near [s]'),
    company: positive(30, 'time in which it falls in company [s]'),
    near: z.number().positive().max(10).default(3).describe('how near company is [m]'),
    tiring: positive(600, 'time in which somebody at full speed tires [s]'),
    rest: positive(300, 'time in which they recover [s]'),
    slowing: share(0.3, 'share of the free speed that full fatigue takes [1]'),
    hurry: share(0.5, 'motivation that full fear adds [1]'),
    learning: share(
      0.2,
      'share by which one word found true or false moves trust, or what somebody says of themselves [1]',
    ),
    released: share(0.4, 'share by which being let out by somebody moves trust in them towards 1 [1]'),
    freed: share(0.3, 'the same for being freed from a grip, or helped up [1]'),
    fights: share(0.1, 'the same for a blow seen at somebody to whom one is hostile [1]'),
    violence: share(0.2, 'share by which a blow seen at anybody else moves it towards 0 [1]'),
    talk: least(0, 'for so long after a word somebody is in company though nobody is near [s]'),
    step: z.number().min(0.01).max(1).default(0.1).describe('change from which a state is told in the record [1]'),
  })
  .describe('fear, distress, trust and fatigue of each person, 0 … 1');

export const behaviourSchema = z
  .strictObject({
    signs: signsSchema.optional(),
    hearing: hearingSchema.optional(),
    contagion: contagionSchema.optional(),
    knowledge: knowledgeSchema.optional(),
    word: wordSchema.optional(),
    following: followingSchema.optional(),
    choice: choiceSchema.optional(),
    inner: innerSchema.optional(),
  })
  .describe('mechanisms that are simulated; each that is not given is off');

export type Behaviour = z.output<typeof behaviourSchema>;
export type Sound = z.output<typeof soundSchema>;
