// What is dropped is added to what is there: files and the texts of the fields, put together by the library.

import type { Field, Form, Opened } from "certgate";

/** A file of this session, or the text of a field under the field's name. */
export interface Given {
  name: string;
  bytes: Uint8Array;
  /** The field whose text this is. */
  field?: Field;
}

/** The fields whose texts are put together anew when a file is added. */
const TOGETHER: Field[] = ["cert_content", "private_key", "cert_content_sign", "private_key_sign"];

/** The short fields. */
const SHORT: Field[] = ["name", "type", "instance_id", "algorithm_type"];

export const given = (name: string, text: string, field?: Field): Given => ({ name, bytes: new TextEncoder().encode(text), field });

export const textOf = ({ bytes }: Given): string => new TextDecoder().decode(bytes);

/** The texts of a form as files. */
export const textsOf = (form: Form, names: Record<Field, string>): Given[] =>
  TOGETHER.flatMap((field) => (form[field] ? [given(names[field], form[field], field)] : []));

type Made = Opened["forms"][number];

/** A request body says itself what stands in which field; of other files a form is made. */
export const isBody = (made: Made): boolean => made.form !== undefined && made.is_proven === undefined;

/**
 * The form of the fields after `made` was added to `now`: the short values of `now` stay, but those in `derived`, which the page took from an
 * earlier certificate; a text that `made` has no use for stays in its field.
 */
export function merge(now: Form, made: Made, derived: ReadonlySet<Field>, from: Given[]): Form {
  const form: Form = { ...made.form };
  for (const field of SHORT) {
    const stays = !isBody(made) && !derived.has(field);
    const value = stays ? now[field] || form[field] : form[field] || now[field];
    if (value) form[field] = value;
  }
  if (isBody(made)) return form;
  const moved = new Set(from.filter((file) => made.parts?.some((part) => part.inside[0] === file.name)).map((file) => file.field));
  for (const field of [...TOGETHER, "trusted_root_ca"] as Field[]) {
    if (!form[field] && now[field] && !moved.has(field)) form[field] = now[field];
  }
  return form;
}

/** Whether a file is the text of a field, which still stands there. */
export const stands = (form: Form, file: Given): boolean => file.field !== undefined && form[file.field] === textOf(file);

/**
 * What a form does not use. That a part of it was given twice is nothing to tell, and of a text that stands in its field as it is the check tells
 * more.
 */
export function unused({ forms, left_out }: Opened, form: Form, from: Given[]): Opened["left_out"] {
  const whole = forms.flatMap(({ parts }) => (parts ?? []).filter((part) => part.block === undefined)).map(({ inside }) => inside.join("\n"));
  return left_out.filter(({ inside, reason }) =>
    reason !== "copy" && !whole.includes(inside.join("\n")) && !from.some((file) => file.name === inside[0] && stands(form, file)));
}

/** The names of the files that were repaired when they were read. */
export const repaired = (made: Made): string[] => [...new Set((made.parts ?? []).filter((part) => part.repaired).map(({ inside }) => inside[0] ?? ""))];
