import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly aside?: ReactNode;
  /** One of a choice: shown as chosen or not. */
  readonly isChosen?: boolean;
  readonly startsGroup?: boolean;
  run(): void;
}

/** A button that opens a list of acts below it (https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/). */
export function Menu({
  label,
  className = '',
  placement = 'below',
  items,
  children,
}: {
  /** Begins with the words the button shows. */
  label: string;
  className?: string;
  placement?: 'below' | 'beside';
  items: readonly MenuItem[];
  children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]')[at]?.focus();
  }, [isOpen, at]);
  useEffect(() => {
    if (!isOpen) return;
    const away = (event: PointerEvent): void => {
      const { target } = event;
      if (target instanceof Node && !list.current?.contains(target) && !button.current?.contains(target)) setIsOpen(false);
    };
    window.addEventListener('pointerdown', away);
    return () => window.removeEventListener('pointerdown', away);
  }, [isOpen]);

  const open = (to: number): void => {
    setAt(to);
    setIsOpen(true);
  };
  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = items.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === 'Escape') close();
    else {
      if (event.key === 'Tab') setIsOpen(false);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={`menu ${placement}`}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        {...(isOpen ? { 'aria-controls': id } : {})}
        onClick={() =>
          isOpen
            ? setIsOpen(false)
            : open(
                Math.max(
                  0,
                  items.findIndex((item) => item.isChosen),
                ),
              )
        }
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          open(event.key === 'ArrowDown' ? 0 : items.length - 1);
        }}
      >
        {children}
      </button>
      {isOpen ? (
        <div ref={list} id={id} className="menu-list" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
          {items.map((item, index) => (
            <button
              key={item.id}
              type="button"
              className={item.startsGroup ? 'starts' : ''}
              tabIndex={-1}
              {...(item.isChosen === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': item.isChosen })}
              onPointerMove={() => setAt(index)}
              onClick={() => {
                close();
                item.run();
              }}
            >
              <span className="grow ellipsis">{item.label}</span>
              {item.aside === undefined ? null : <span className="t3">{item.aside}</span>}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
