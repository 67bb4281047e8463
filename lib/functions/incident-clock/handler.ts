import { type ClockAnswer, type ClockQuestion, incidentClock } from './clock';

/** Entry point of the function. */
export async function handler(question: ClockQuestion): Promise<ClockAnswer> {
  return incidentClock(question);
}
