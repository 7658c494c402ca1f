-- The version of the lake that is read.
SELECT snapshot, strftime(published_at, '%Y-%m-%dT%H:%M:%SZ')
FROM refreshes
ORDER BY snapshot DESC
LIMIT 1
