/** Something the person at the keyboard can put right: shown as its sentences alone, without a stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}
