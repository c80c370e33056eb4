"""What an organisation holds in boards that its successors take, by the name under which it is kept."""

PARTY, SEAT = "Board that it belongs to", "Seat that it appoints to"
