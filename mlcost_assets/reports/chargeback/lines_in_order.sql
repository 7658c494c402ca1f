-- The lines as a statement prints them: party by party, what it has for itself first.
FROM statement_lines
ORDER BY billing_currency, party,
    list_position(
        ['direct', 'shared', 'unattributed', 'marketplace', 'correction', 'credit', 'tax', 'adjustment'], section
    ),
    shared_by, billing_period DESC, billing_account_id, invoice_id, cost_centre
