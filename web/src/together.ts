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

/** The blocks of a text as they stand, but without the white space, which may be wrapped anew without a loss. */
const blocks = (text: string): string[] => text.split(/(?=-----BEGIN )/).filter((block) => block.startsWith("-----BEGIN ")).map((block) => block.replace(/\s/g, ""));

/** Whether a form has that block of a file already, letter by letter. */
function has(form: Form, file: Given | undefined, block: number | undefined): boolean {
  const text = file && block !== undefined ? blocks(textOf(file))[block - 1] : undefined;
  return text !== undefined && Object.values(form).some((value) => value.replace(/\s/g, "").includes(text));
}

/** What a form does not use. That a certificate of it was given twice is nothing to tell. */
export function unused({ left_out }: Opened, form: Form | undefined, from: Given[]): Opened["left_out"] {
  return left_out.filter((left) => !(form && left.inside.length === 1 && has(form, from.find((file) => file.name === left.inside[0]), left.block)));
}

/** The names of the files whose blocks stand in the form otherwise than in the file. */
export function repaired(made: Made, from: Given[]): string[] {
  const changed = (made.parts ?? []).filter((part) => {
    const file = from.find((file) => file.name === part.inside[0]);
    const block = part.block === undefined ? undefined : blocks(made.form?.[part.field] ?? "")[part.block - 1];
    const text = file && part.inside.length === 1 ? textOf(file) : "";
    return block !== undefined && text.includes("-----BEGIN ") && !text.replace(/\s/g, "").includes(block);
  });
  return [...new Set(changed.map((part) => part.inside[0] ?? ""))];
}
