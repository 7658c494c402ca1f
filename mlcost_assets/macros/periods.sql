-- Billing periods are texts, 'YYYY-MM', which sort as the months do.
CREATE OR REPLACE TEMP MACRO month_before(period) AS
    strftime(CAST(period || '-01' AS DATE) - INTERVAL 1 MONTH, '%Y-%m');
