-- Erasing a customer.
select 1;
