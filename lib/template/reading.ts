import type { Unresolved } from './resolved';
import type { Subject } from './subject';

/**
 * What reading a property gives. The three arms are forced by the type: nobody forgets what the service does when a property is
 * absent, and nothing that cannot be resolved is taken for a value.
 */
export type Reading<T> = Known<T> | Absent | UnresolvedReading;

export interface Known<T> {
  readonly kind: 'known';
  readonly value: T;
  readonly property: string;
}

export interface Absent {
  readonly kind: 'absent';
  readonly property: string;
}

export interface UnresolvedReading {
  readonly kind: 'unresolved';
  readonly property: string;
  /** Why it cannot be known, lower case. */
  readonly reason: string;
  /** As much of the value as can be read. */
  readonly text: string;
  readonly parameter?: Unresolved['parameter'];
}

/** A resource that a property refers to, and by which attribute (`Ref`, `Arn`, ...). */
export interface Reference {
  readonly subject: Subject;
  readonly attribute: string;
}
