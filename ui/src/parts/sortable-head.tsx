import { Button } from "react-aria-components";
import { ArrowDown, ArrowUp } from "lucide-react";

export type Head<C extends string> = { column: C; label: () => string; numeric?: boolean };

type Sorting<C> = { column: C; descending: boolean };

type Props<C extends string> = {
  heads: Head<C>[];
  sorting: Sorting<C>;
  onSort: (sorting: Sorting<C>) => void;
  /** Of a last column that can't be sorted; read out only. */
  last?: string;
};

/** The head of a table: each column sorts, the same one again turns it round. */
export function SortableHead<C extends string>({ heads, sorting, onSort, last }: Props<C>) {
  return (
    <thead>
      <tr>
        {heads.map(({ column, label, numeric = false }) => {
          const chosen = sorting.column === column;
          const Arrow = sorting.descending ? ArrowDown : ArrowUp;
          return (
            <th
              key={column}
              scope="col"
              data-numeric={numeric || undefined}
              aria-sort={chosen ? (sorting.descending ? "descending" : "ascending") : "none"}
            >
              <Button
                className="table-sort"
                onPress={() => onSort({ column, descending: chosen ? !sorting.descending : numeric })}
              >
                <span>{label()}</span>
                <Arrow aria-hidden="true" data-shown={chosen || undefined} />
              </Button>
            </th>
          );
        })}
        {last === undefined ? null : (
          <th scope="col">
            <span className="unseen">{last}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
