/**
 * Asks questions, a few at a time: the next one as soon as any has its answer. After an error it begins none.
 * @param most questions at a time
 * @returns the answers, in the order of the questions
 * @throws the first error of an answer
 */
export async function fewAtATime<Question, Answer>(
  questions: readonly Question[],
  answer: (question: Question) => Promise<Answer>,
  most = 16,
): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const queue = inTurn(questions);
  const work = async () => {
    for (const [index, question] of queue) answers.set(index, await answer(question));
  };
  await Promise.all(Array.from({ length: Math.min(most, questions.length) }, work));
  return [...answers].sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** A generator, because a loop that an error ends closes it for all others. */
function* inTurn<Question>(questions: readonly Question[]): Generator<[number, Question], void> {
  yield* questions.entries();
}
