(() => {
    'use strict';

    const config = document.body.dataset;
    const $ = (selector, root = document) => root.querySelector(selector);
    const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

    const readCookie = (name) => {
        const pair = document.cookie.split('; ').find((part) => part.startsWith(name + '='));
        return pair ? decodeURIComponent(pair.slice(name.length + 1)) : '';
    };

    // A shared cache in front of the shop hands out pages with somebody else's form key, or with none.
    const syncFormKeys = () => {
        let key = readCookie('form_key');
        if (!key) {
            key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
            document.cookie = `form_key=${key}; path=/; SameSite=Lax`;
        }
        $$('input[name=form_key]').forEach((input) => { input.value = key; });
    };

    const element = (tag, attributes = {}, ...children) => {
        const node = document.createElement(tag);
        Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
        node.append(...children);
        return node;
    };

    const cart = {
        drawer: $('#minicart'),
        count: $('[data-cart-count]'),

        show(data) {
            if (!this.count) {
                return;
            }
            this.count.textContent = data.summary_count;
            this.count.hidden = data.summary_count === 0;
            localStorage.setItem('cart-count', data.summary_count);
            const lines = data.items.map((item) => element('div', { class: 'summary-line' },
                element('img', { src: item.product_image, alt: '', width: 56, height: 56 }),
                element('div', {},
                    element('a', { href: item.product_url }, item.product_name),
                    element('div', { class: 'muted' }, [item.options, `${item.qty} × ${item.product_price}`].filter(Boolean).join(' · '))),
                element('strong', {}, item.row_total)));
            const body = $('.drawer__body', this.drawer);
            body.replaceChildren(...(lines.length ? lines : [element('p', { class: 'muted' }, body.dataset.empty)]));
            $('.drawer__foot', this.drawer).hidden = lines.length === 0;
            $('[data-cart-subtotal]', this.drawer).textContent = data.subtotal;
        },

        async load() {
            const answer = await fetch(config.sectionUrl + '?sections=cart', { headers: { Accept: 'application/json' } });
            this.show((await answer.json()).cart);
        },

        async open() {
            await this.load();
            this.drawer.showModal();
        },

        async add(form) {
            const button = $('button[type=submit]', form);
            button.disabled = true;
            try {
                const answer = await fetch(form.action, {
                    method: 'POST',
                    body: new FormData(form),
                    headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
                });
                const data = await answer.json();
                this.say(form, data.message, data.success);
                if (data.success) {
                    this.show(data.cart);
                    this.drawer.showModal();
                }
            } catch {
                form.submit();
            } finally {
                button.disabled = false;
            }
        },

        say(form, text, success) {
            const place = $('[data-form-message]', form);
            place.replaceChildren(element('p', { class: 'message' + (success ? '' : ' message--error') }, text));
        },
    };

    const setUpCart = () => {
        if (!cart.drawer) {
            return;
        }
        const known = Number(localStorage.getItem('cart-count') || 0);
        if (known > 0) {
            cart.load();
        }
        $('[data-cart-open]').addEventListener('click', (event) => {
            event.preventDefault();
            cart.open();
        });
        cart.drawer.addEventListener('click', (event) => {
            if (event.target === cart.drawer || event.target.closest('[data-drawer-close]')) {
                cart.drawer.close();
            }
        });
        $$('form[data-add-to-cart]').forEach((form) => form.addEventListener('submit', (event) => {
            event.preventDefault();
            cart.add(form);
        }));
        if ($('[data-cart-changed]')) {
            cart.load();
        }
    };

    const setUpNavigation = () => {
        const toggle = $('.nav-toggle');
        toggle?.addEventListener('click', () => {
            const open = $('.nav').classList.toggle('is-open');
            toggle.setAttribute('aria-expanded', String(open));
        });
        const here = location.pathname;
        $$('.nav a').filter((link) => new URL(link.href).pathname === here).forEach((link) => link.setAttribute('aria-current', 'page'));
    };

    const setUpGallery = () => {
        const main = $('.gallery__main img');
        $$('.gallery__thumbs a').forEach((link, index, all) => link.addEventListener('click', (event) => {
            event.preventDefault();
            main.src = link.href;
            main.alt = link.dataset.label;
            all.forEach((other) => other.removeAttribute('aria-current'));
            link.setAttribute('aria-current', 'true');
        }));
    };

    const money = (amount) => new Intl.NumberFormat(config.locale.replace('_', '-'), {
        style: 'currency',
        currency: config.currency,
    }).format(amount);

    const setUpPrice = () => {
        const place = $('[data-price]');
        if (!place) {
            return;
        }
        const update = () => {
            const added = $$('[data-option-price]:checked').reduce((sum, input) => sum + Number(input.dataset.optionPrice), 0);
            place.textContent = money(Number(place.dataset.price) + added);
        };
        $$('[data-option-price]').forEach((input) => input.addEventListener('change', update));
        update();
    };

    const setUpSteppers = () => {
        $$('.stepper').forEach((stepper) => {
            const input = $('input', stepper);
            stepper.addEventListener('click', (event) => {
                const step = Number(event.target.dataset.step || 0);
                if (step !== 0) {
                    input.value = Math.min(Number(input.max), Math.max(Number(input.min), Number(input.value) + step));
                    input.dispatchEvent(new Event('change', { bubbles: true }));
                }
            });
        });
        $$('[data-submit-on-change]').forEach((form) => form.addEventListener('change', () => form.requestSubmit()));
    };

    const setUpCheckout = () => {
        const total = $('[data-grand-total]');
        $$('[data-delivery]').forEach((input) => input.addEventListener('change', () => {
            const price = Number(input.dataset.delivery);
            const place = $('[data-delivery-price]');
            place.textContent = price > 0 ? money(price) : place.dataset.free;
            total.textContent = money(Number(total.dataset.grandTotal) + price);
        }));
    };

    // Filters are open beside the list, and closed above it on a small screen.
    const setUpFilters = () => {
        const details = $('.filters details');
        if (details && matchMedia('(max-width: 48rem)').matches) {
            details.open = false;
        }
    };

    syncFormKeys();
    setUpNavigation();
    setUpCart();
    setUpGallery();
    setUpPrice();
    setUpSteppers();
    setUpCheckout();
    setUpFilters();
})();
