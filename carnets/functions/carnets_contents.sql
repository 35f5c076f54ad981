-- What a carnet was issued for: everything that stands on it and never changes afterwards, in the order it stands there.
CREATE OR REPLACE FUNCTION carnets_contents(of_carnet bigint) RETURNS jsonb LANGUAGE sql STABLE
    SET timezone = 'UTC' AS $$
SELECT jsonb_strip_nulls(jsonb_build_object(
    'number', carnet.number, 'source', carnet.source, 'kind', carnet.kind,
    'is_heavy_or_bulky', carnet.is_heavy_or_bulky, 'holder', carnet.holder_id, 'guarantee', carnet.guarantee_id,
    'association', carnet.association_id, 'continues', carnet.continues, 'vouchers', carnet.vouchers,
    'packages', carnet.packages, 'issued_at', carnet.issued_at, 'issued_on', carnet.issued_on,
    'acceptance_until', carnet.acceptance_until, 'amount', carnet.amount, 'currency', carnet.currency,
    'approval_until', carnet.approval_until, 'plates', carnet.plates, 'plan', carnet.plan,
    'stops', (SELECT jsonb_agg(to_jsonb(stop) - 'id' - 'carnet_id' ORDER BY stop.position)
        FROM carnets_stop AS stop WHERE stop.carnet_id = carnet.id),
    'vehicles', (SELECT jsonb_agg(to_jsonb(vehicle) - 'id' - 'carnet_id' ORDER BY vehicle.id)
        FROM carnets_vehicle AS vehicle WHERE vehicle.carnet_id = carnet.id),
    'containers', (SELECT jsonb_agg(container.number ORDER BY container.id)
        FROM carnets_container AS container WHERE container.carnet_id = carnet.id),
    'consignments', (SELECT jsonb_agg(to_jsonb(consignment) - 'carnet_id' || jsonb_build_object('documents',
            (SELECT jsonb_agg(to_jsonb(document) - 'id' - 'consignment_id' ORDER BY document.position)
            FROM carnets_consignmentdocument AS document WHERE document.consignment_id = consignment.id)
        ) ORDER BY consignment.position)
        FROM carnets_consignment AS consignment WHERE consignment.carnet_id = carnet.id),
    'goods', (SELECT jsonb_agg(to_jsonb(item) - 'id' - 'carnet_id' ORDER BY item.position)
        FROM carnets_goodsitem AS item WHERE item.carnet_id = carnet.id)
)) FROM carnets_carnet AS carnet WHERE carnet.id = of_carnet
$$;
